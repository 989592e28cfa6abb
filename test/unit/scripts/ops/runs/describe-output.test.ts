import { describeOutput } from "../../../../../scripts/ops/runs/describe-output";

const counts = { inserted: 3, updated: 2, unchanged: 235, rejected: 1 };

describe("what a run did", () => {
  test.each([
    ["covid", { objects: [{ key: "a.csv" }], load: { ...counts, runId: "1", newestDay: "2026-11-24" } }],
    ["a scaffolded pipeline", { ...counts, text: "There were 3 inserts and 2 updates", objects: ["a.csv"] }],
    [
      "import",
      { plan: { runId: "1" }, summary: { text: "There were 3 inserts and 2 updates", unchanged: 235, rejected: 1 } },
    ],
  ])("is one line with its counts: %s", (_pipeline, output) => {
    expect(describeOutput(output)).toBe("There were 3 inserts and 2 updates (235 unchanged, 1 rejected)");
  });

  test("says what gave way to newer rows, where any did", () => {
    expect(describeOutput({ ...counts, superseded: 7 })).toMatch(/ \(235 unchanged, 7 superseded, 1 rejected\)$/);
    expect(describeOutput({ ...counts, superseded: 0 })).toMatch(/ \(235 unchanged, 1 rejected\)$/);
  });

  test("says what the table dropped, once", () => {
    const text = "There were 3 inserts and 2 updates; 7 rows were dropped by triggers of the table";

    expect(describeOutput({ load: { ...counts, dropped: 7 } })).toMatch(/ \(235 unchanged, 1 rejected, 7 dropped\)$/);
    expect(describeOutput({ load: { ...counts, dropped: 1 } })).toMatch(/ \(235 unchanged, 1 rejected, 1 dropped\)$/);
    expect(describeOutput({ load: { ...counts, dropped: 0 } })).toMatch(/ \(235 unchanged, 1 rejected\)$/);
    expect(describeOutput({ ...counts, dropped: 7, text })).toBe(`${text} (235 unchanged, 1 rejected)`);
  });

  test("is the output on one line where nothing is counted", () => {
    expect(describeOutput({ a: [1, { b: 2 }] })).toBe('{"a":[1,{"b":2}]}');
    expect(describeOutput(null)).toBe("null");
  });
});
