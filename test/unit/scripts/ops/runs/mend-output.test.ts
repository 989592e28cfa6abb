import { readMendOutput } from "../../../../../scripts/ops/runs/mend-output";
import { describeLeft } from "../../../../../scripts/run/mend/mend-report";

const report = {
  ...{ runId: null, mended: 0, before: 2, outdated: 0, rejected: 3, gaveWay: [], left: [{ line: 4, reason: "day" }] },
  ...{ inserted: 0, updated: 0, unchanged: 0, superseded: 0, dropped: 0 },
};

describe("the output of a run that mended", () => {
  test("is its report, of which not all rows that stay rejected may be there", () => {
    const read = readMendOutput({ told: { text: "…" }, mended: report, summary: { again: false } }, "sales", "r");

    expect(read).toEqual(report);
    expect(describeLeft(read, { file: "rows.csv" })).toEqual([
      "rows.csv, line 4: day",
      "and 2 more: the command rejected writes them with their reasons",
    ]);
  });

  test.each([{ summary: { text: "There was nothing to do" } }, null, { mended: {} }])(
    "of a version that does not mend is said to be one: %j",
    (output) => {
      expect(() => readMendOutput(output, "sales", "r7")).toThrow(
        /deployed version does not mend.*got run r7.*Deploy etl/,
      );
    },
  );
});
