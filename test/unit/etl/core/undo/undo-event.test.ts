import { UsageError } from "../../../../../etl/core/errors";
import { toldRefusal, toldUndo, undoEvent, undoOutput } from "../../../../../etl/core/undo/undo-event";

const report = {
  ...{ runId: "u", undone: ["r"], restored: 2, removed: 1, inserted: 0, conflicts: 0 },
  shown: [],
};
const asked = { pipeline: "sales", dryRun: false, skipConflicts: false };

/** As the machine puts it out. */
const outputOf = ({ text, report: undone }: ReturnType<typeof toldUndo>) =>
  undoOutput.parse(JSON.parse(JSON.stringify({ told: { text }, undone, summary: { again: false } })));

describe("the step undo", () => {
  test("takes a run and who undoes it, and nothing less; else it does no more than that", () => {
    expect(undoEvent.parse({ undo: { run: "3f2a", by: "ann" }, execution: "e" }).undo).toEqual({
      ...{ run: "3f2a", by: "ann" },
      ...{ dryRun: false, skipConflicts: false, cascade: false },
    });
    for (const undo of [{ run: "3f2a" }, { by: "ann" }, { run: "", by: "ann" }, "3f2a"]) {
      expect(undoEvent.safeParse({ undo }).success).toBe(false);
    }
  });

  test.each([
    [{}, {}, "run r of sales undone by run u: 2 rows restored, 1 removed"],
    [{ inserted: 3 }, {}, "run r of sales undone by run u: 2 rows restored, 1 removed, 3 inserted again"],
    [{}, { dryRun: true }, "Dry run: nothing was kept.\nrun r of sales would be undone: 2 rows restored, 1 removed"],
    [{ runId: null }, {}, "Nothing to undo: the rows are as they were before run r of sales"],
    [{ conflicts: 4, runId: null }, {}, "Nothing of sales was undone: 4 rows were changed since run r"],
    [
      { conflicts: 4, undone: ["s", "r"] },
      { skipConflicts: true },
      "2 runs of sales undone by run u: 2 rows restored, 1 removed\n4 rows were changed since, and stay as they are",
    ],
  ])("gives its report, and says it in words: %j, asked for %j", (part, how, text) => {
    const { told, undone } = outputOf(toldUndo({ ...report, ...part }, { ...asked, ...how }));

    expect(told.text).toBe(text);
    expect(undone).toEqual({ ...report, ...part });
  });

  test("leaves out conflicts and runs that a state has no place for, but counts them", () => {
    const shown = Array.from({ length: 20 }, (_, id) => {
      const row = { id, note: "ü".repeat(4_000) };
      return { table: "sales", key: { id }, by: "somebody else", before: null, after: row, now: { ...row, id: -1 } };
    });
    const undone = Array.from({ length: 9_000 }, (_, at) => `${at}`.padStart(36, "0"));

    const result = toldUndo({ ...report, runId: null, conflicts: 30, shown, undone }, asked);

    expect(Buffer.byteLength(JSON.stringify(result))).toBeLessThan(200_000);
    const told = outputOf(result).undone;
    if ("refused" in told) throw new Error("it is no refusal");
    expect(told.shown.length).toBeGreaterThan(2);
    expect(told.shown).toEqual(shown.slice(0, told.shown.length));
    expect(told.undone).toEqual(undone.slice(0, 1_000));
    expect(result.text).toBe("Nothing of sales was undone: 30 rows were changed since these 9000 runs");
  });

  test("tells why a run cannot be undone as a result, in the same words", () => {
    const error = new UsageError("There is no such run", { got: '"3f2a"', expected: "a run" });

    const { told, undone } = outputOf(toldRefusal(error, "sales"));

    expect(told.text).toBe('Nothing of sales was undone. There is no such run: got "3f2a", expected a run');
    expect(undone).toEqual({
      refused: { headline: "There is no such run", details: { got: '"3f2a"', expected: "a run" } },
    });
  });
});
