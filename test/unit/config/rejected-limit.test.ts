import { rejectedLimit } from "../../../config/kinds";
import { parseRejectedLimit } from "../../../etl/core/contract/rejected-limit";

// What the configuration takes reaches a function's environment as text, and is read there.
describe("a limit of rejected rows", () => {
  test.each(["0", "12", "0%", "0.5%", "99.9%", "100%", "100.0%", "123456789012345"])("%s: is taken by both", (text) => {
    expect(rejectedLimit().safeParse(text).success).toBe(true);
    expect(parseRejectedLimit(text)).toBeDefined();
  });

  test.each(["", "-1", "1.5", "100.1%", "101%", "500%", ".5%", "1234567890123456"])(
    "%j: is refused by both",
    (text) => {
      expect(rejectedLimit().safeParse(text).success).toBe(false);
      expect(parseRejectedLimit(text)).toBeUndefined();
    },
  );
});
