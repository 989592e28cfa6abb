import { UsageError } from "../../../../../etl/core/errors";
import { readUndoOutput } from "../../../../../scripts/ops/runs/undo-output";

const report = {
  ...{ runId: null, undone: ["r"], restored: 0, removed: 0, inserted: 0, conflicts: 3 },
  shown: [{ table: "t", key: { id: 1 }, by: "somebody else", before: null, after: { id: 1 }, now: null }],
};

describe("the output of a run that undid", () => {
  test("is its report, and its words", () => {
    const output = { told: { text: "Nothing of sales was undone" }, undone: report, summary: { again: false } };

    expect(readUndoOutput(output, "sales", "r")).toEqual({ text: "Nothing of sales was undone", report });
  });

  test("of a run that cannot be undone is the error that the local command gives", () => {
    const refused = { headline: "There is no such run", details: { got: '"3f2a"', fix: "Correct it" } };
    const read = () => readUndoOutput({ told: { text: "…" }, undone: { refused } }, "sales", "r");

    expect(read).toThrow(UsageError);
    expect(read).toThrow('There is no such run: got "3f2a". Correct it');
  });

  test.each([{ told: { text: "There was nothing to do" } }, null, { told: { text: "" }, undone: {} }])(
    "of a version that does not undo is said to be one: %j",
    (output) => {
      expect(() => readUndoOutput(output, "sales", "r7")).toThrow(
        /deployed version does not undo.*got run r7.*Deploy etl/,
      );
    },
  );
});
