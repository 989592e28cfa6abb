import * as fc from "fast-check";
import { IdTable } from "../../../../../../etl/pipelines/orders/records/id-table";

/** With something before and behind it, as in a file. */
const bytesOf = (id: string) => Buffer.from(`"${id}",`);
const add = (table: IdTable, id: string) => table.add(bytesOf(id), 1, Buffer.byteLength(id) + 1);
const find = (table: IdTable, id: string) => table.find(bytesOf(id), 1, Buffer.byteLength(id) + 1);

describe("IdTable", () => {
  test("does what a Map does, for any text", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary" })), fc.string({ unit: "binary" }), (ids, other) => {
        // Act
        const table = new IdTable();
        const numbers = ids.map((id) => add(table, id));

        // Assess
        const known = [...new Set(ids)];
        expect(numbers).toEqual(ids.map((id) => known.indexOf(id)));
        expect(known.map((_, number) => table.get(number))).toEqual(known);
        expect(find(table, other)).toBe(known.indexOf(other));
        expect(table.size).toBe(known.length);
      }),
    );
  });

  test("grows: a hundred thousand ids, some of them long", () => {
    // Prepare
    const id = (at: number) => (at % 1_000 === 0 ? `${at}`.padEnd(10_000, "ü") : `id-${at}`);
    const table = new IdTable();

    // Act
    for (let at = 0; at < 100_000; at += 1) add(table, id(at));

    // Assess
    expect(table.size).toBe(100_000);
    for (const at of [0, 1, 999, 1_000, 65_535, 65_536, 99_999]) {
      expect(table.get(at)).toBe(id(at));
      expect(find(table, id(at))).toBe(at);
    }
    expect(find(table, "id-100000")).toBe(-1);
  });
});
