/** Which members belong to each of so many owners: two typed arrays, however many there are. */
export class Groups {
  readonly #starts: Uint32Array;
  readonly #members: Uint32Array;

  /**
   * @param ownerOf the owner's number of each member
   * @param members how many there are
   */
  constructor(ownerOf: Uint32Array, members: number, owners: number) {
    this.#starts = new Uint32Array(owners + 1);
    this.#members = new Uint32Array(members);
    const next = new Uint32Array(owners + 1);
    for (let member = 0; member < members; member += 1) {
      const after = at(ownerOf, member) + 1;
      next[after] = at(next, after) + 1;
    }
    for (let owner = 1; owner <= owners; owner += 1) next[owner] = at(next, owner) + at(next, owner - 1);
    this.#starts.set(next);
    for (let member = 0; member < members; member += 1) {
      const owner = at(ownerOf, member);
      const place = at(next, owner);
      this.#members[place] = member;
      next[owner] = place + 1;
    }
  }

  /** The members of an owner, in their own order. */
  of(owner: number): Uint32Array {
    return this.#members.subarray(this.#starts[owner], this.#starts[owner + 1]);
  }
}

function at(list: Uint32Array, index: number): number {
  return list[index] ?? 0;
}
