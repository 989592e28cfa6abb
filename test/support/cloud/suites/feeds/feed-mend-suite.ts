import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { type Ask, readRejected } from "../../../../../etl/core/mend/read-rejected";
import { writeRejected } from "../../../../../etl/core/mend/rejected-file";
import { readings } from "../../../../../etl/feeds/readings";
import { runOps } from "../../cloud";
import { countExecutions, untilNothingRuns } from "../../observe/state-machine-run";
import type { FeedsWorld } from "./feeds-world";

const MINUTES = 60_000;
const MACHINE = "millrace-dev-readings";
const ROW = { meter: "'-mended", at: "2026-01-01T00:00:00Z" };

/** A rejected row of `readings`, which objects start, comes home by `npm run ops`. */
export function feedMendSuite(world: () => FeedsWorld): void {
  test(
    "a rejected row, corrected, is loaded as a run of its own, of which its objects know nothing; what is no file of rejected rows is not sent",
    async () => {
      // Prepare
      const { cloud, bucket, deployment, query, until, onlyMessage, topic } = world();
      const loaded = () =>
        query<{ kwh: string }>(`SELECT kwh FROM readings WHERE meter = '${ROW.meter.replace("'", "''")}'`);
      // This deployment has no `sql`, which `ops rejected` asks: cloud-covid has it.
      const ask: Ask = async (statement) =>
        (await query<Record<string, unknown>>(statement)).map((row) =>
          Object.fromEntries(Object.entries(row).map(([key, value]) => [key, value === null ? null : String(value)])),
        );
      const file = join(cloud.folder, "readings-rows.csv");
      const wrong = join(cloud.folder, "no-rows.csv");
      writeFileSync(wrong, "id,day\n1,2026-02-28\n");
      await untilNothingRuns(cloud, MACHINE);
      const executions = await countExecutions(cloud, MACHINE);
      const csv = `meter,read_at,kwh,estimated\n${ROW.meter},${ROW.at},1.5 kWh,false\n`;
      await bucket.upload("readings/wrong.csv", csv);
      await until(async () => (await countExecutions(cloud, MACHINE)) > executions);
      await untilNothingRuns(cloud, MACHINE);
      await topic.received();

      // Act
      const { rows } = await readRejected(ask, { pipeline: "readings" });
      writeFileSync(file, writeRejected(rows, () => readings).text.replace(",1.5 kWh,", ",1.5,"));
      const refused = await runOps(deployment, ["mend", "readings", wrong], 2);
      const orders = await runOps(deployment, ["mend", "orders", file], 2);
      const mended = await runOps(deployment, ["mend", "readings", file]);
      const message = await onlyMessage();
      const twice = JSON.parse((await runOps(deployment, ["mend", "readings", file, "--json"])).stdout);
      await untilNothingRuns(cloud, MACHINE);

      // Assess
      expect(rows).toHaveLength(1);
      expect(refused.output).toMatch(/no file of rejected rows: got "id,day"/);
      expect(orders.output).toContain("The rejected rows of orders are not in the database");
      expect(mended.stdout).toMatch(
        /^1 rejected row of readings was mended in run [\w-]{36}: 1 inserts and 0 updates, 0 unchanged$/,
      );
      expect(mended.output).toMatch(/Started readings: run [\w-]+[\s\S]* {2}mend\n[\s\S]* {2}publish success/);
      expect(message).toContain(mended.stdout);
      expect(twice).toMatchObject({ status: "succeeded", runId: null, mended: 0, inserted: 0, before: 1, rejected: 0 });
      expect(await loaded()).toEqual([{ kwh: "1.500" }]);
      const [noted] = await query("SELECT mended_by AS by, pipeline FROM etl_run JOIN mended_row ON run = id");
      expect(noted).toEqual({ by: expect.stringMatching(/^arn:aws:/), pipeline: "readings" });
      // One for the object, and one for each mend: the file of corrected rows starts none.
      expect(await countExecutions(cloud, MACHINE)).toBe(executions + 3);
      const list = new ListObjectsV2Command({ Bucket: "millrace-dev-raw-123456789012", Prefix: "readings/mends/" });
      const { Contents = [] } = await new S3Client(cloud.client).send(list);
      expect(Contents.map(({ Key }) => Key).join("\n")).toMatch(
        /^(readings\/mends\/20[\d-]{8}\/[0-9a-f]{64}\.csv\n?)+$/,
      );
    },
    5 * MINUTES,
  );

  test(
    "a run of a feed that keeps no history is not undone, by either engine, and who asks hears what would keep it",
    async () => {
      // Prepare
      const { deployment, query, topic } = world();
      const runs = await query<{ id: string; pipeline: string }>(
        "SELECT DISTINCT ON (pipeline) id, pipeline FROM etl_run WHERE inserted > 0 ORDER BY pipeline, started",
      );

      // Act
      const refused: string[] = [];
      for (const { id, pipeline } of runs) {
        refused.push((await runOps(deployment, ["undo", pipeline, id], 2)).output);
      }

      // Assess
      expect(runs.map(({ pipeline }) => pipeline)).toEqual(["readings", "sales"]);
      for (const output of refused) {
        expect(output).toMatch(/There is nothing to go back to: (readings|sales) kept no history.*history: full/);
      }
      await topic.received();
    },
    5 * MINUTES,
  );
}
