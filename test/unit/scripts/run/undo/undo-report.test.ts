import type { UndoReport } from "../../../../../etl/core/undo/undo-run";
import { describeConflicts, renderUndo } from "../../../../../scripts/run/undo/undo-report";

const report: UndoReport = {
  ...{ runId: null, undone: ["r"], restored: 0, removed: 0, inserted: 0, conflicts: 2, bySomebodyElse: 0 },
  shown: [],
};
const asked = { pipeline: "sales", dryRun: false, skipConflicts: false, cascade: false };
const SKIP = "--skip-conflicts leaves these as they are";

describe("what is said of an undo's conflicts", () => {
  test("names each row with its three values, and as unknown what is not kept", () => {
    const row = { table: "sales", by: "somebody else", before: null, now: { note: "own" } };
    const shown = [
      { ...row, key: { id: 1 }, before: { note: "a" }, after: { note: "b" }, now: null },
      { ...row, key: { id: 2 }, after: {}, unknown: ["note"] },
      { ...row, key: { id: 3 }, after: { day: "d" }, unknown: ["note"] },
    ];

    expect(describeConflicts({ ...report, conflicts: 4, shown })).toEqual([
      'sales, id 1: changed since by somebody else: before {"note":"a"}, after {"note":"b"}, now no row',
      'sales, id 2: changed since by somebody else: before no row, after unknown (note), now {"note":"own"}',
      'sales, id 3: changed since by somebody else: before no row, after {"day":"d"} and unknown (note), now {"note":"own"}',
      "and 1 more row that was changed since",
    ]);
  });

  test.each([
    [{}, {}, `${SKIP}, --cascade undoes the runs after it, too`],
    [{ bySomebodyElse: undefined }, {}, `${SKIP}, --cascade undoes the runs after it, too`],
    [{ bySomebodyElse: 2 }, {}, SKIP],
    [{ bySomebodyElse: 2 }, { cascade: true }, SKIP],
    [
      { bySomebodyElse: 1 },
      {},
      `${SKIP}, with --cascade only those that somebody else changed: that undoes the runs after it, too`,
    ],
  ])("proposes only what helps: %j, asked with %j", (part, how, advice) => {
    expect(renderUndo({ ...report, ...part }, { ...asked, ...how })).toBe(
      `Nothing of sales was undone: 2 rows were changed since run r\n${advice}`,
    );
  });
});
