import type { PostgresServer } from "../../../../scripts/cloud/postgres-server";
import type { InvocationOutcome, LambdaRuntime } from "../emulated/lambda-runtime";

interface World {
  readonly lambda: LambdaRuntime;
  readonly postgres: PostgresServer;
  /** A handler's environment. */
  readonly variables: () => Record<string, string>;
  /** Loads cases of these days, and no others. */
  readonly load: (cases: readonly string[]) => Promise<InvocationOutcome>;
}

const MONDAY = "2020-01-20,1,0";
const TUESDAY = "2020-01-21,2,1";

/** The built handler that loads, asked for an undo. */
export function undoHandlerSuite(world: () => World): void {
  describe("of covid, which undoes runs", () => {
    const undo = (run: string, how: object = {}) =>
      world().lambda.invoke("covid/load", { undo: { run, by: "ada", ...how }, execution: "e" }, world().variables());
    const days = () =>
      world().postgres.query("feed", "select date::text, cases::int, deaths::int from covid_daily order by date");
    const newest = async () => {
      const [run] = await world().postgres.query<{ id: string }>(
        "feed",
        "select id from etl_run order by started desc limit 1",
      );
      return run?.id ?? "";
    };

    test("goes back from a correction, and forth again; a rehearsal, or a conflict, changes nothing", async () => {
      // Prepare
      const { load, postgres } = world();
      await load([MONDAY]);
      const before = await days();
      await load(["2020-01-20,7,0", TUESDAY]);
      const [corrected, after] = [await newest(), await days()];

      // Act
      const rehearsed = await undo(corrected.slice(0, 8), { dryRun: true });
      const untouched = await days();
      const undone = await undo(corrected);
      const [undoing, back] = [await newest(), await days()];
      const twice = await undo(corrected);
      await undo(undoing);
      const forth = await days();
      await postgres.query("feed", "update covid_daily set cases = 9 where date = '2020-01-20'");
      const blocked = await undo(corrected, { cascade: true });
      const skipped = await undo(corrected, { cascade: true, skipConflicts: true });

      // Assess
      expect(rehearsed.result).toMatchObject({
        text: `Dry run: nothing was kept.\nrun ${corrected} of covid would be undone: 1 row restored, 1 removed`,
        report: { restored: 1, removed: 1, undone: [corrected] },
      });
      expect(untouched).toEqual(after);
      expect(undone.result).toMatchObject({
        text: `run ${corrected} of covid undone by run ${undoing}: 1 row restored, 1 removed`,
        report: { runId: undoing, conflicts: 0 },
      });
      expect(back).toEqual(before);
      expect(twice.result).toMatchObject({ text: expect.stringMatching(/^Nothing to undo/), report: { runId: null } });
      expect(forth).toEqual(after);
      expect(blocked.result).toMatchObject({
        report: {
          conflicts: 1,
          shown: [{ by: "somebody else", key: { date: "2020-01-20" }, now: { cases: 9 } }],
        },
      });
      expect(JSON.stringify(blocked.log)).not.toContain('"now"');
      expect(skipped.result).toMatchObject({ report: { removed: 1, restored: 0, conflicts: 1 } });
      expect(await days()).toEqual([{ date: "2020-01-20", cases: 9, deaths: 0 }]);
      const [noted] = await postgres.query("feed", `select mended_by, undoes from etl_run where id = '${undoing}'`);
      expect(noted).toEqual({ mended_by: "ada", undoes: [corrected] });
    });

    test("says what it cannot undo as its result, and refuses an event that names nobody", async () => {
      await world().load([MONDAY]);

      const unknown = await undo("ffffffff-ffff");
      const nameless = await undo(await newest(), { by: undefined });

      expect(unknown.result).toMatchObject({
        text: expect.stringMatching(/^Nothing of covid was undone\. There is no such run: got "ffffffff-ffff"/),
        report: { refused: { headline: "There is no such run", details: { got: '"ffffffff-ffff"' } } },
      });
      expect(nameless).toMatchObject({ errorType: "UsageError", errorMessage: expect.stringContaining("undo: by") });
    });
  });
}
