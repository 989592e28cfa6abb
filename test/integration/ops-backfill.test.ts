import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { openPglite } from "../../etl/adapters/pglite/pglite";
import { readPglite } from "../../etl/adapters/pglite/reader";
import type { Database } from "../../etl/core/database/database";
import { findContract } from "../../etl/feeds/feeds";
import type { FeedTables } from "../../etl/feeds/ledger/tables";
import { DeployedFeed } from "../support/fakes/deployed-feed";
import { MemoryRangedObjects } from "../support/fakes/memory-ranged-objects";
import { run } from "../support/models/feeds/feed-run";
import { runProjectScript } from "../support/processes/run-script";

const HEADER = "sale_id,line,sold_at,day,product,note,quantity,amount,is_return";
const sale = (id: number, day: string, amount = "1.00") =>
  `${HEADER}\n${id},1,${day}T09:00:00Z,${day},pen,,1,${amount},false\n`;

describe("npm run ops, with a deployed feed", () => {
  let database: Awaited<ReturnType<typeof openPglite<unknown>>>;
  let deployed: DeployedFeed;
  let folder: string;
  let objects: MemoryRangedObjects;
  let first: Awaited<ReturnType<typeof ops>>;
  const feeds = () => database as unknown as Database<FeedTables>;
  const ops = async (...args: readonly string[]) =>
    runProjectScript("ops.ts", args, { ...deployed.environment, MILLRACE_CONFIG: join(folder, "config.json") });
  const put = (key: string, text: string) => {
    objects.put(key, text);
    deployed.put(key, text);
  };
  const loaded = async () => {
    const { rows } = await sql<{ id: number }>`select sale_id as id from sales order by 1`.execute(database.db);
    return rows.map(({ id }) => id);
  };
  const inputs = () => deployed.executions.map(({ input }) => JSON.parse(input)).reverse();

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "millrace-backfill-"));
    writeFileSync(join(folder, "config.json"), JSON.stringify({ feeds: { sales: {} } }));
    database = await openPglite();
    deployed = await DeployedFeed.start({
      read: (statement) => readPglite(database, statement),
      // Ends like the state machine of a feed (stacks/etl/feeds/feed-states.ts).
      run: async ({ replay }) => {
        const work = { contract: findContract("sales"), objects, replay: replay as readonly string[] };
        const { runId, ...summary } = await run(feeds(), work);
        return { run: { id: runId }, summary };
      },
    });
    objects = new MemoryRangedObjects({ name: `s3://${deployed.bucket}/` });
    put("sales/2026-02-27.csv", sale(27, "2026-02-27"));
    first = await ops("backfill", "sales", "--from", "2026-02-27", "--to", "2026-02-27", "--dry-run");
    await run(feeds(), { contract: findContract("sales"), objects });
    put("sales/20260228_b.csv", sale(28, "2026-02-28"));
    put("sales/2026/03/01/a.csv", sale(1, "2026-03-01"));
    put("sales/2026-03-02.csv", `${HEADER}\nbroken\n`);
    put("sales/2026-03-03.csv", sale(3, "2026-03-03"));
    put("sales/2026-03-09.csv", sale(9, "2026-03-09"));
    put("sales/undated.csv", sale(99, "2026-03-01"));
  });
  afterAll(async () => {
    await deployed?.stop();
    await database?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test("backfill knows no rates before the first run of all", () => {
    expect([first.code, first.stdout]).toEqual([
      0,
      "1 object of 1 KiB in 1 run; the ledger has no run of this feed yet, so neither rows nor time nor cost are known\n" +
        "  2026-02-27: 1 object",
    ]);
  });

  test("backfill --dry-run says what it would take by the ledger's rates, and starts nothing", async () => {
    const { code, stdout, output } = await ops(
      "backfill",
      "sales",
      "--from",
      "2026-02-27",
      "--to",
      "2026-03-03",
      "--window",
      "2d",
      "--dry-run",
    );

    expect(output).toMatch(/1 object of the range is loaded already, and left out\n1 object has no day in its key/);
    expect(stdout).toMatch(
      /^4 objects of 1 KiB in 3 runs: by the ledger's rates about \d rows, less than a minute, less than 0\.01 USD of Lambda, Step Functions and S3\n {2}2026-02-28: 1 object\n {2}2026-03-01 to 2026-03-02: 2 objects\n {2}2026-03-03: 1 object$/,
    );
    expect(code).toBe(0);
    expect(deployed.executions).toEqual([]);
  });

  test("backfill runs the oldest day first, stops at the first failure, and goes on from there", async () => {
    // Act
    const range = ["--from", "2026-02-27", "--to", "2026-03-03"];
    const stopped = await ops("backfill", "sales", ...range);
    const [first, before] = [await loaded(), inputs()];
    put("sales/2026-03-02.csv", sale(2, "2026-03-02"));
    const done = await ops("backfill", "sales", ...range, "--json");
    const nothing = await ops("backfill", "sales", ...range);

    // Assess
    expect(stopped.code).toBe(1);
    expect(stopped.output).toMatch(
      /error: The backfill stopped at 2026-03-02, 3 of 4: got The run \S+ failed.*the same command goes on from there/s,
    );
    expect(first).toEqual([1, 27, 28]);
    expect(before).toEqual([
      { replay: ["sales/20260228_b.csv"] },
      { replay: ["sales/2026/03/01/a.csv"] },
      { replay: ["sales/2026-03-02.csv"] },
    ]);
    expect(JSON.parse(done.stdout)).toMatchObject({ pipeline: "sales", runs: 2, objects: 2, loaded: 3, undated: 1 });
    expect(inputs().slice(3)).toEqual([{ replay: ["sales/2026-03-02.csv"] }, { replay: ["sales/2026-03-03.csv"] }]);
    expect(await loaded()).toEqual([1, 2, 3, 27, 28]);
    expect(nothing.stdout).toBe("Nothing to do for sales from 2026-02-27 to 2026-03-03");
  });

  test("backfill --again loads what is loaded once more, and waits for the end of another run", async () => {
    // Prepare
    const [newest] = deployed.executions;
    if (newest !== undefined) newest.status = "RUNNING";
    const began = deployed.executions.length;
    deployed.isAskedOf("ListExecutions");

    // Act
    const ending = ops("backfill", "sales", "--from", "2026-03-03", "--to", "2026-03-03", "--again");
    while (!deployed.isAskedOf("ListExecutions")) await new Promise((resolve) => setImmediate(resolve));
    const during = deployed.executions.length;
    if (newest !== undefined) newest.status = "SUCCEEDED";
    const { code, output } = await ending;

    // Assess
    expect(during).toBe(began);
    expect(output).toMatch(/waiting for the end of run/);
    expect([code, inputs().at(-1)]).toEqual([0, { replay: ["sales/2026-03-03.csv"] }]);
  });

  test.each([
    [["covid", "--from", "2026-03-01", "--to", "2026-03-02"], /covid cannot be backfilled.*Its sources have all days/],
    [["sales", "--from", "2026-03-02", "--to", "2026-03-01"], /--from is after --to/],
    [["sales", "--from", "2026-02-30", "--to", "2026-03-01"], /expected a day as YYYY-MM-DD/],
    [["sales", "--from", "2026-02-01", "--to", "2026-03-01", "--window", "1w"], /expected a number of days/],
  ])("backfill %j is refused", async (args, says) => {
    const { code, output } = await ops("backfill", ...args);
    expect([code, output]).toEqual([2, expect.stringMatching(says)]);
  });

  test("replay --prove proves a run from objects that were replaced since, by the ledger's id or the execution's name", async () => {
    // Prepare
    const [execution] = deployed.executions;
    const { id: runId } = JSON.parse(execution?.output ?? "{}").run;
    deployed.put("sales/2026-03-03.csv", sale(3, "2026-03-03", "2.00"));
    const began = deployed.executions.length;

    // Act
    const proven = await ops("replay", "sales", runId.slice(0, 8), "--prove");
    const byName = await ops("replay", "sales", execution?.name ?? "", "--prove", "--json");
    deployed.forget("sales/2026-03-03.csv");
    const gone = await ops("replay", "sales", runId, "--prove");

    // Assess
    expect(proven.stdout).toMatch(
      new RegExp(`^run ${runId} of sales: the same 1 row and 0 rejected ones, hash [0-9a-f]{64}$`, "m"),
    );
    expect(JSON.parse(byName.stdout)).toMatchObject({ runId, outcome: "same" });
    expect([gone.code, gone.output]).toEqual([
      1,
      expect.stringMatching(/bytes that the run read are not there any more.*2026-03-03\.csv/s),
    ]);
    expect(deployed.executions).toHaveLength(began);
  });

  test.each([
    ["the whole name of an execution, which is told the ledger's id", (name: string) => name, true],
    ["how an id begins, which is passed on as it is", (name: string) => name.slice(0, 8), false],
  ])("undo takes %s", async (_, given, isExecution) => {
    // Prepare
    const execution = deployed.executions.find(({ input }) => input.includes("2026-03-03.csv"));
    const { id } = JSON.parse(execution?.output ?? "{}").run;
    const run = given(execution?.name ?? "");

    // Act
    await ops("undo", "sales", run);

    // Assess
    expect(inputs().at(-1).undo.run).toBe(isExecution ? id : run);
  });
});
