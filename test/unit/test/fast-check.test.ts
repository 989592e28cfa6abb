import * as fc from "fast-check";

test("a property that fails is told at once, with its counterexample, which no smaller one is sought for", () => {
  const seen: number[] = [];
  const property = fc.property(fc.integer({ min: 1_000, max: 2_000 }), (value) => {
    seen.push(value);
    return false;
  });

  const check = () => fc.assert(property);

  expect(check).toThrow(/Counterexample: \[\d{4}\]\s+Shrunk 0 time/);
  expect(seen).toHaveLength(1);
});
