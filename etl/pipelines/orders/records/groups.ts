/** The members of owners, owner by owner: two typed arrays, however many there are. */
interface Groups {
  /** Where each owner's members begin, and where the last one's end. */
  readonly starts: Uint32Array;
  /** Those of an owner are in their own order. */
  readonly members: Uint32Array;
}

/**
 * @param ownerOf the owner's number of each member
 * @param size how many members there are
 * @param owners all numbers of owners, in the order of their groups
 */
export function groupMembers(ownerOf: Uint32Array, size: number, owners: Uint32Array): Groups {
  const next = new Uint32Array(owners.length);
  for (let member = 0; member < size; member += 1) {
    const owner = at(ownerOf, member);
    next[owner] = at(next, owner) + 1;
  }
  const starts = new Uint32Array(owners.length + 1);
  for (let group = 0; group < owners.length; group += 1) {
    const owner = at(owners, group);
    const start = at(starts, group);
    starts[group + 1] = start + at(next, owner);
    next[owner] = start;
  }
  const members = new Uint32Array(size);
  for (let member = 0; member < size; member += 1) {
    const owner = at(ownerOf, member);
    const place = at(next, owner);
    members[place] = member;
    next[owner] = place + 1;
  }
  return { starts, members };
}

function at(list: Uint32Array, index: number): number {
  return list[index] ?? 0;
}
