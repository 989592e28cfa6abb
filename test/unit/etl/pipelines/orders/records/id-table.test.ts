import * as fc from "fast-check";
import { IdTable } from "../../../../../../etl/pipelines/orders/records/id-table";

/** With something before and behind it, as in a file. */
const bytesOf = (id: string) => Buffer.from(`"${id}",`);
const add = (table: IdTable, id: string) => table.add(bytesOf(id), 1, Buffer.byteLength(id) + 1);
const find = (table: IdTable, id: string) => table.find(bytesOf(id), 1, Buffer.byteLength(id) + 1);

/** Numbers, often the same ones and neighbours, up to more digits than a number of JavaScript keeps. */
const number = fc.oneof(
  fc.nat({ max: 20 }).map(String),
  fc.nat({ max: 9 }).map((more) => String(BigInt(Number.MAX_SAFE_INTEGER) + BigInt(more))),
  fc.stringMatching(/^[1-9]\d{0,17}$/),
);
/** Text that is nearly a number, and any other. */
const text = fc.oneof(fc.stringMatching(/^[0 +-]?\d{0,3}[. /:]?$/), fc.string({ unit: "binary" }));
/** Only numbers, or text among them. */
const ids = fc.oneof(fc.array(number), fc.array(fc.oneof(number, number, text)));

describe("IdTable", () => {
  test("does what a Map does, for numbers and any text", () => {
    fc.assert(
      fc.property(ids, fc.array(fc.nat()), fc.oneof(number, text), (ids, searches, other) => {
        const table = new IdTable();
        const known: string[] = [];
        for (const [at, id] of ids.entries()) {
          // Act
          const before = find(table, id);
          const added = add(table, id);

          // Assess
          expect(before).toBe(known.indexOf(id));
          if (before === -1) known.push(id);
          expect(added).toBe(known.indexOf(id));
          const earlier = ids[(searches[at] ?? 0) % ids.length] ?? "";
          expect(find(table, earlier)).toBe(known.indexOf(earlier));
        }
        expect(known.map((_, number) => table.get(number))).toEqual(known);
        expect(find(table, other)).toBe(known.indexOf(other));
        expect(table.size).toBe(known.length);
      }),
      { numRuns: 500 },
    );
  });

  test("does it where nothing is looked up before the end", () => {
    fc.assert(
      fc.property(ids, (ids) => {
        // Act
        const table = new IdTable();
        const numbers = ids.map((id) => add(table, id));

        // Assess
        const known = [...new Set(ids)];
        expect(numbers).toEqual(ids.map((id) => known.indexOf(id)));
        expect(ids.map((id) => find(table, id))).toEqual(numbers);
        expect(known.map((_, number) => table.get(number))).toEqual(known);
      }),
      { numRuns: 500 },
    );
  });

  test("finds each of a thousand numbers, wherever in the index they fall", () => {
    for (let round = 1; round <= 100; round += 1) {
      // Act
      const table = new IdTable();
      const ids = Array.from({ length: 1_000 }, (_, at) => String((at * at * 104_729 * round) % 1_000_003));
      const numbers = ids.map((id) => add(table, id));

      // Assess
      expect(ids.map((id) => find(table, id))).toEqual(numbers);
      expect(numbers.map((number) => table.get(number))).toEqual(ids);
    }
  });

  const COUNT = 100_000;
  test.each<readonly [string, (at: number) => string]>([
    ["some of them long", (at) => (at % 1_000 === 0 ? `${at}`.padEnd(10_000, "ü") : `id-${at}`)],
    ["numbers in order", (at) => `${at}`],
    ["numbers in no order", (at) => `${(at * 7_919) % COUNT}`],
    ["numbers of 15 digits, far from each other", (at) => `${(999_999_999_999_999 - at * 2 ** 32) % 10 ** 15}`],
    ["numbers until the last, which is none", (at) => (at === COUNT - 1 ? "none" : `${at * 1_000}`)],
  ])("grows: a hundred thousand ids, %s", (_, id) => {
    // Prepare
    const table = new IdTable();

    // Act
    for (let at = 0; at < COUNT; at += 1) add(table, id(at));

    // Assess
    expect(table.size).toBe(COUNT);
    for (const at of [0, 1, 999, 1_000, 65_535, 65_536, COUNT - 1]) {
      expect(table.get(at)).toBe(id(at));
      expect(find(table, id(at))).toBe(at);
      expect(add(table, id(at))).toBe(at);
    }
    expect(find(table, "id-100000")).toBe(-1);
    expect(find(table, "999999999999999999")).toBe(-1);
  });
});
