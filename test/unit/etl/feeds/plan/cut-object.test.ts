import * as fc from "fast-check";
import { cutObject, leaveOut } from "../../../../../etl/feeds/plan/cut-object";

describe("cutObject", () => {
  test("gives ranges without gaps, none empty, none longer than asked", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: 1, max: 3_000 }), (bytes, size) => {
        const ranges = cutObject(bytes, size);

        expect(ranges.at(0)?.start).toBe(0);
        expect(ranges.at(-1)?.end).toBe(bytes);
        ranges.forEach(({ start, end }, index) => {
          expect(end - start).toBeGreaterThan(0);
          expect(end - start).toBeLessThanOrEqual(size);
          if (index > 0) expect(start).toBe(ranges[index - 1]?.end);
        });
      }),
    );
  });
});

describe("leaveOut", () => {
  test.each([
    [
      "nothing is loaded",
      [],
      [
        [0, 10],
        [10, 20],
      ],
    ],
    ["one is", [[0, 10]], [[10, 20]]],
    [
      "all is, in other cuts",
      [
        [12, 20],
        [0, 7],
        [7, 12],
      ],
      [],
    ],
    [
      "other cuts leave a gap",
      [
        [0, 7],
        [8, 20],
      ],
      [[0, 10]],
    ],
    ["the end is missing", [[0, 19]], [[10, 20]]],
  ])("keeps what is not loaded where %s", (_where, loaded, expected) => {
    const ranges = (pairs: readonly number[][]) => pairs.map(([start = 0, end = 0]) => ({ start, end }));

    expect(leaveOut(cutObject(20, 10), ranges(loaded))).toEqual(ranges(expected));
  });
});
