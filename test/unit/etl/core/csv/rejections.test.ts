import { parseRejectedLimit } from "../../../../../etl/core/contract/rejected-limit";
import { Rejections } from "../../../../../etl/core/csv/rejections";
import { RejectedLimitError } from "../../../../../etl/core/errors";

const row = (line: number) => ({ source: "cases", line, reason: "date: got nothing", raw: ",1,1" });

describe("parseRejectedLimit", () => {
  test.each([
    ["0", { rows: 0 }],
    ["12", { rows: 12 }],
    ["0%", { percent: 0 }],
    ["2.5%", { percent: 2.5 }],
    ["100%", { percent: 100 }],
  ])("reads %s", (text, limit) => expect(parseRejectedLimit(text)).toEqual(limit));

  test.each(["", "-1", "1.5", "101%", "%", "many", "5 %", "1e3"])("does not read %j", (text) => {
    expect(parseRejectedLimit(text)).toBeUndefined();
  });
});

describe("Rejections", () => {
  test("allows as many as the limit says, and names the first beyond it", () => {
    const rejections = new Rejections();
    rejections.add(row(3));
    rejections.add(row(9));
    expect(() => rejections.check({ rows: 2 }, 10, "--max-rejected")).not.toThrow();
    expect(() => rejections.check({ percent: 20 }, 10, "--max-rejected")).not.toThrow();
    expect(() => rejections.check({ rows: 1 }, 10, "--max-rejected")).toThrow(
      /got 2, expected at most 1 \(cases, line 3\).*got nothing/,
    );
    expect(() => rejections.check({ percent: 19 }, 10, "--max-rejected")).toThrow(/got 2 of 10, expected at most 19%/);
  });

  test("keeps at most 100,000 rows", () => {
    const rejections = new Rejections();
    for (let line = 0; line < 100_000; line += 1) rejections.add(row(line));
    expect(() => rejections.add(row(100_000))).toThrow(RejectedLimitError);
  });
});
