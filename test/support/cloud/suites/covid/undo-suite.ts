import { realData } from "../../../files/real-data";
import { runOps } from "../../cloud";
import { inHandsOf, sendHome } from "../../roles/people";
import type { CovidCloud } from "./covid-cloud";

const MINUTES = 60_000;
const ADDED = "2020-10-01";

/** The way back from a run, by `npm run ops`. */
export function undoSuite(getWorld: () => CovidCloud): void {
  test(
    "a person who operates undoes a run, undoes that, and hears of rows that somebody else changed since",
    async () => {
      const world = getWorld();
      // Prepare
      const operator = await inHandsOf(world.cloud, world.deployment, "operator");
      const undo = (code: number, ...args: readonly string[]) => runOps(operator, ["undo", "covid", ...args], code);
      const before = await world.totals();
      const [header, ...days] = realData.cases().trimEnd().split("\n");
      const changed = days.map((day, index) => (index < 3 ? day.replace(/\d+$/, "7") : day));
      world.serve(`${[header, ...changed, `${ADDED},7264000,207000`].join("\n")}\n`);
      await world.run();
      const [run, after] = [await newest(world), await world.totals()];
      await world.topic.received();

      // Act
      const rehearsed = await undo(0, run.slice(0, 13), "--dry-run");
      const [rehearsal, untouched] = [await world.onlyMessage(), await world.totals()];
      const undone = await undo(0, run);
      const [message, undoing, back] = [await world.onlyMessage(), await newest(world), await world.totals()];
      const again = JSON.parse((await undo(0, undoing, "--json")).stdout);
      const forth = await world.totals();
      await world.query(`UPDATE covid_daily SET cases = cases + 1 WHERE date = '${ADDED}'`);
      const blocked = await undo(1, run);
      const skipped = JSON.parse((await undo(0, run, "--skip-conflicts", "--json")).stdout);
      const unknown = await undo(2, "ffffffff-ffff");
      await sendHome(world.cloud, world.deployment, "operator");
      await world.query(`DELETE FROM covid_daily WHERE date = '${ADDED}'`);
      await world.topic.received();
      world.serve(realData.cases());

      // Assess
      expect([back, untouched, forth, await world.totals()]).toEqual([before, after, after, before]);
      expect(after).toMatchObject({ days: (before?.days ?? 0) + 1 });
      expect(rehearsed.stdout).toMatch(
        /^Dry run: nothing was kept\.\nrun \S+ of covid would be undone: 3 rows restored, 1 removed$/,
      );
      expect(rehearsal).toContain(rehearsed.stdout);
      expect(undone.output).toMatch(/Started covid: run [\w-]+[\s\S]* {2}undo\n[\s\S]* {2}publish success/);
      expect(undone.stdout).toBe(`run ${run} of covid undone by run ${undoing}: 3 rows restored, 1 removed`);
      expect(message).toContain(undone.stdout);
      expect(again).toMatchObject({ status: "succeeded", undone: [undoing], restored: 3, inserted: 1, conflicts: 0 });
      expect(blocked.stdout).toMatch(
        /^Nothing of covid was undone: 1 row was changed since run \S+\n--skip-conflicts leaves these as they are$/,
      );
      expect(blocked.output).toMatch(
        /covid_daily, date "2020-10-01": changed since by somebody else: before no row, after unknown \(.*cases.*\), now \{.*7264001/,
      );
      expect(skipped).toMatchObject({ status: "succeeded", restored: 3, removed: 0, conflicts: 1 });
      expect(unknown.output).toMatch(/There is no such run: got "ffffffff-ffff"/);
      expect(unknown.output).not.toMatch(/ at .*\.[jt]s:/);
      const [noted] = await world.query(`SELECT mended_by AS by, removed FROM etl_run WHERE id = '${undoing}'`);
      expect(noted).toEqual({ by: expect.stringContaining("assumed-role/person-operator/test"), removed: "1" });
    },
    6 * MINUTES,
  );
}

async function newest(world: CovidCloud): Promise<string> {
  const [run] = await world.query<{ id: string }>("SELECT id FROM etl_run ORDER BY started DESC LIMIT 1");
  return run?.id ?? "";
}
