import { counted } from "../../../../etl/core/counted";

test.each([
  [1, "1 row"],
  [0, "0 rows"],
  [12, "12 rows"],
])("%i has the word that fits", (count, expected) => {
  expect(counted(count, "row")).toBe(expected);
});
