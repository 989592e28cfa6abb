import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { runEtl } from "../../../processes/run-etl";
import { runScript } from "../../cloud";
import type { Inventory, WorkflowWorld } from "./workflow-world";

const MINUTES = 60_000;

/** How a deployed environment with data is shown, rehearsed and destroyed; the `covid` feed is loaded. */
export function destructionSuite(world: () => WorkflowWorld): void {
  test(
    "the wrong text destroys nothing",
    async () => {
      // Prepare
      const { cloud, keptFor, script } = world();
      const before = await cloud.inventory();
      const wrong = ["--confirm", "destroy-prod"];

      // Act
      const shell = await script("deliver/workflow/confirm-destroy.sh");
      const destroyer = await keptFor("destroy");
      const prepared = await runScript(destroyer, "deliver/workflow/prepare-destroy", wrong, { expected: 2 });
      const destroyed = await runScript(destroyer, "destroy", wrong, { expected: 2 });

      // Assess
      expect(shell).toMatchObject({ code: 1, output: expect.stringContaining("destroy-dev") });
      expect(prepared.output).toContain("Nothing was destroyed");
      expect(destroyed.output).toContain("Nothing was destroyed");
      expect(await cloud.inventory()).toEqual(before);
    },
    4 * MINUTES,
  );

  test(
    "the destruction is shown first, with the data that goes; the guard would refuse it",
    async () => {
      // Prepare
      const { keptFor, plan, script } = world();

      // Act
      const plans = await plan("gone", "--destroy");
      const review = await script("plan-review.ts", ...plans);
      const guard = await script("plan-guard.ts", ...plans);
      const data = await runScript(await keptFor("plan"), "deliver/workflow/list-data", []);

      // Assess
      expect(plans.map((file) => file.replace(/.*\//, ""))).toEqual(["etl.json", "network.json"]);
      expect(review.stdout).toMatch(/\[!CAUTION\][\s\S]*`aws_db_instance\.\S+` is \*\*destroyed\*\*/);
      expect(guard).toMatchObject({ code: 1, output: expect.stringContaining("aws_dynamodb_table.orders_ledger") });
      expect(guard.output).not.toContain("aws_sqs_queue");
      expect(data.stdout).toMatch(/\| `millrace-dev-raw-\d{12}` \| [1-9]\d* \| \d+\.\d \|/);
      expect(data.stdout).toContain("Database `millrace-dev-etl`: ");
      expect(data.stdout).toContain("pg_stat_user_tables");
    },
    5 * MINUTES,
  );

  test(
    "the destruction is rehearsed: all tables and the ledger are exported, restored, compared and kept, and nothing changes",
    async () => {
      // Prepare
      const { cloud, deployment, folder, keptFor } = world();
      const dynamodb = new DynamoDBClient(cloud.client);
      const TableName = "millrace-dev-orders-ledger";
      const texts = { batch: "20230828", name: "message/7", value: "{}", revision: "1" };
      const Item = Object.fromEntries(Object.entries(texts).map(([name, S]) => [name, { S }]));
      await dynamodb.send(new PutItemCommand({ TableName, Item }));
      const before = await cloud.inventory();

      // Act
      const rehearsed = await runScript(await keptFor("destroy"), "destroy", ["--rehearse"]);
      const after = await cloud.inventory();
      const [, place = ""] =
        /npm run etl -- import --from (\S+) --ledger millrace-dev-orders-ledger/.exec(rehearsed.stdout) ?? [];
      const restored = await runEtl(folder, ["import", "--rehearse", "--from", place], deployment.env);

      // Assess
      expect(after).toEqual(before);
      expect(rehearsed.output).toMatch(/rehearse dev: exported covid_daily: 240 rows/);
      expect(rehearsed.output).toMatch(/rehearse dev: restored covid_daily: the same 240 rows/);
      expect(rehearsed.stdout).toMatch(/\| `covid_daily` \| 240 \| [1-9][\d,]* \| [1-9][\d,]* \|/);
      expect(rehearsed.stdout).toContain("Ledger `millrace-dev-orders-ledger`: 1 item.");
      expect(rehearsed.stdout).toMatch(/\| `millrace-dev-raw-\d{12}` \| [1-9]\d* \|/);
      expect(place).toMatch(/^s3:\/\/bootstrap-millrace-dev-state-\w+\/millrace\/dev\/exports\/20[\dTZ-]+$/);
      expect(restored).toMatchObject({ code: 0, stderr: expect.stringContaining("The export can be restored") });
      expect(restored.stderr).toContain("restored covid_daily: 240 rows");
    },
    5 * MINUTES,
  );

  test(
    "after the right text nothing is left but the final snapshot and the state backend",
    async () => {
      // Prepare
      const { bootstrapped, cloud, keptFor } = world();
      const confirm = ["--confirm", "destroy-dev"];

      // Act
      const destroyer = await keptFor("destroy");
      const before = await cloud.inventory();
      const kept = await runScript(destroyer, "destroy", confirm, { expected: 1 });
      const after = await cloud.inventory();
      // Half done: what is not protected and holds nothing goes.
      const half = await destroyer.terraform("etl").run(["destroy", "-auto-approve"], [1]);
      const prepared = await runScript(destroyer, "deliver/workflow/prepare-destroy", confirm);
      const destroyed = await runScript(destroyer, "destroy", confirm);

      // Assess
      const lines = kept.output.trim().split("\n");
      expect(lines.at(-1)).toMatch(
        /^error: Nothing was emptied or destroyed: .*database millrace-dev-etl, table millrace-dev-orders.*prepare-destroy/,
      );
      expect(lines.length).toBeLessThan(5);
      expect(after).toEqual(before);
      expect(half.output).toMatch(/Destruction complete[\s\S]*Error: [\s\S]*protect/i);
      expect(destroyed.output).toMatch(/destroy dev: \d+ resources to destroy/);
      expect(destroyed.output).not.toMatch(/Still destroying|Destruction complete/);
      expect(prepared.output).toContain("a final snapshot is taken");
      const { "rds snapshots": snapshots = [], ...left } = byKind(await cloud.inventory());
      expect(snapshots).toEqual([expect.stringMatching(/^millrace-dev-etl-final-/)]);
      expect(left).toEqual(byKind(bootstrapped));
    },
    15 * MINUTES,
  );
}

/** Snapshots under a name of their own, whatever the inventory calls them. */
function byKind(inventory: Inventory): Inventory {
  const isSnapshot = (name: string) => name.startsWith("millrace-dev-etl-final-");
  const snapshots = Object.values(inventory).flat().filter(isSnapshot);
  const others = Object.entries(inventory).map(
    ([kind, names]) => [kind, names.filter((name) => !isSnapshot(name))] as const,
  );
  const kept = Object.fromEntries(others.filter(([, names]) => names.length > 0));
  return snapshots.length === 0 ? kept : { ...kept, "rds snapshots": snapshots };
}
