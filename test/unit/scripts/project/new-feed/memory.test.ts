import { Row } from "../../../../../etl/core/csv/rows/row";
import { RowHashes } from "../../../../../scripts/project/new-feed/profile/keys/hash";
import { HashSet } from "../../../../../scripts/project/new-feed/profile/keys/hash-set";
import { KeyFinder } from "../../../../../scripts/project/new-feed/profile/keys/key-finder";

const spread = (at: number) => Math.imul(at, 0x9e3779b1) >>> 0;

describe("a set of hashes", () => {
  test("knows what it has, and takes 8 bytes a slot of its budget", () => {
    const budget = { left: 2 ** 20 };
    const set = new HashSet(budget);
    const all = Array.from({ length: 50_000 }, (_, at) => at);

    expect(all.filter((at) => set.add(spread(at), at) !== true)).toEqual([]);
    expect(all.filter((at) => set.add(spread(at), at) !== false)).toEqual([]);
    expect(2 ** 20 - budget.left).toBeGreaterThanOrEqual(50_000 * 8);
    expect(2 ** 20 - budget.left).toBeLessThan(50_000 * 8 * 2);
  });

  test("takes nothing more where the budget is spent, and gives it back", () => {
    const budget = { left: 64 * 64 * 8 + 1_000 };
    const set = new HashSet(budget);
    const added = Array.from({ length: 10_000 }, (_, at) => set.add(spread(at), at));

    expect(added[0]).toBe(true);
    expect(added).toContain(undefined);
    expect(budget.left).toBeGreaterThanOrEqual(0);
    set.free();
    expect(budget.left).toBe(64 * 64 * 8 + 1_000);
  });
});

test("a key that memory does not suffice for is named, and not taken for proven; one that it suffices for is", () => {
  const take = (memoryBytes: number) => {
    const finder = new KeyFinder(2, () => false, memoryBytes);
    const [row, hashes] = [new Row(","), new RowHashes(2)];
    for (let at = 0; at < 60_000; at += 1) {
      const line = Buffer.from(`${at},${at}x\n`);
      row.split(line, 0);
      for (const field of [0, 1]) hashes.set(field, line, row.starts[field] ?? 0, row.ends[field] ?? 0);
      finder.take(row, hashes);
    }
    return finder.end();
  };

  expect(take(2 ** 22)).toEqual([
    { columns: [0], isProven: true },
    { columns: [1], isProven: true },
  ]);
  // The last gives way to the first.
  expect(take(2 ** 20)).toEqual([
    { columns: [0], isProven: true },
    { columns: [1], isProven: false },
  ]);
});
