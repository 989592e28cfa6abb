import * as fc from "fast-check";
import { compareIds } from "../../../../../../etl/pipelines/orders/records/id-order";

const id = fc.oneof(fc.nat().map(String), fc.stringMatching(/^0{0,3}\d{1,20}$/), fc.string());

describe("compareIds", () => {
  test("puts numbers first, by value, then text by its code units", () => {
    const ids = ["b", "10", "9", "", "A10", "A9", "07", "7", "é", "99999999999999999999", "🌻", "\uFFFD"];
    expect(ids.sort(compareIds)).toEqual([
      "07",
      "7",
      "9",
      "10",
      "99999999999999999999",
      "",
      "A10",
      "A9",
      "b",
      "é",
      "🌻",
      "\uFFFD",
    ]);
  });

  test("is an order: whatever comes in, one sequence comes out", () => {
    fc.assert(
      fc.property(fc.array(id), fc.array(fc.nat()), (ids, keys) => {
        const shuffled = ids.map((text, at) => ({ text, key: keys[at] ?? 0 })).sort((a, b) => a.key - b.key);
        expect(shuffled.map(({ text }) => text).sort(compareIds)).toEqual([...ids].sort(compareIds));
      }),
    );
  });

  test("is 0 for equal ids only, and turns round with its arguments", () => {
    fc.assert(
      fc.property(id, id, (a, b) => {
        expect(compareIds(a, b) === 0).toBe(a === b);
        expect(Math.sign(compareIds(a, b)) + Math.sign(compareIds(b, a))).toBe(0);
      }),
    );
  });
});
