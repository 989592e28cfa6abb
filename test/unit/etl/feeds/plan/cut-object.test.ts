import * as fc from "fast-check";
import { cutRange, findGaps } from "../../../../../etl/feeds/plan/cut-object";

describe("cutRange", () => {
  test("gives ranges without gaps, none empty, none longer than asked", () => {
    const sizes = [fc.nat(5_000), fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: 1, max: 3_000 })] as const;
    fc.assert(
      fc.property(...sizes, (first, bytes, size) => {
        const ranges = cutRange({ start: first, end: first + bytes }, size);

        expect(ranges.at(0)?.start).toBe(first);
        expect(ranges.at(-1)?.end).toBe(first + bytes);
        ranges.forEach(({ start, end }, index) => {
          expect(end - start).toBeGreaterThan(0);
          expect(end - start).toBeLessThanOrEqual(size);
          if (index > 0) expect(start).toBe(ranges[index - 1]?.end);
        });
      }),
    );
  });
});

describe("findGaps", () => {
  test.each<[string, number[][], number[][]]>([
    ["nothing is loaded", [], [[0, 20]]],
    ["the beginning is", [[0, 10]], [[10, 20]]],
    ["all is, in other cuts", [[12, 20], [0, 7], [7, 12]], []], // biome-ignore format: a line each
    ["other cuts leave a gap", [[0, 7], [8, 20]], [[7, 8]]], // biome-ignore format: a line each
    ["the end is missing", [[0, 19]], [[19, 20]]],
    ["some lie within others", [[0, 15], [2, 4], [16, 18]], [[15, 16], [18, 20]]], // biome-ignore format: a line each
  ])("gives what is not loaded where %s", (_where, loaded, expected) => {
    const ranges = (pairs: readonly number[][]) => pairs.map(([start = 0, end = 0]) => ({ start, end }));

    expect(findGaps(20, ranges(loaded))).toEqual(ranges(expected));
  });

  test("and what is loaded cover each byte, and none twice", () => {
    const range = fc.tuple(fc.nat(99), fc.integer({ min: 1, max: 30 })).map(([start, length]) => {
      return { start, end: Math.min(start + length, 100) };
    });
    fc.assert(
      fc.property(fc.array(range), (loaded) => {
        const gaps = findGaps(100, loaded);

        for (let byte = 0; byte < 100; byte += 1) {
          const holds = ({ start, end }: { start: number; end: number }) => start <= byte && byte < end;
          expect(gaps.filter(holds)).toHaveLength(loaded.some(holds) ? 0 : 1);
        }
      }),
    );
  });
});
