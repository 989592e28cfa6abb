import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { RawStoreDirectory } from "../../etl/adapters/files/raw-store-directory";
import { HttpClient } from "../../etl/adapters/http/client";
import { openPglite } from "../../etl/adapters/pglite/pglite";
import { readPglite } from "../../etl/adapters/pglite/reader";
import type { Database } from "../../etl/core/database/database";
import { LiveDatabase } from "../../etl/core/database/live-database";
import { addressesOfRun } from "../../etl/core/fetch/date-in-address";
import { fetchSource } from "../../etl/core/fetch/fetch";
import { describeObject, fetchEvent, loadEvent, openObjects } from "../../etl/pipelines/covid/events";
import type { CovidTables } from "../../etl/pipelines/covid/tables";
import { undoCovid } from "../../etl/pipelines/covid/undo-covid";
import { DeployedFeed } from "../support/fakes/deployed-feed";
import { file, status } from "../support/feeds/feed-answers";
import { type FeedServer, startFeedServer } from "../support/feeds/feed-server";
import { CASES_HEADER, RECOVERIES_HEADER, recoveryRow, runCovidOn } from "../support/models/covid-run";
import { runProjectScript } from "../support/processes/run-script";

const RANGE = ["--from", "2026-03-01", "--to", "2026-03-03"];
const SECRET = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:feed-AbCdEf";

describe("npm run ops -- backfill covid, with {date} in the address of a source", () => {
  let database: Awaited<ReturnType<typeof openPglite<unknown>>>;
  let deployed: DeployedFeed;
  let feeds: FeedServer;
  let folder: string;
  const covid = () => database as unknown as Database<CovidTables>;
  const configured = (covid: object) =>
    writeFileSync(join(folder, "config.json"), JSON.stringify({ pipelines: { covid } }));
  const backfill = (...args: readonly string[]) =>
    runProjectScript("ops.ts", ["backfill", "covid", ...args], {
      ...deployed.environment,
      MILLRACE_CONFIG: join(folder, "config.json"),
    });
  const inputs = () => deployed.executions.map(({ input }) => JSON.parse(input)).reverse();
  const loaded = async () => {
    const { rows } = await sql<{
      day: string;
    }>`select date::text || ' ' || cases as day from covid_daily order by 1`.execute(database.db);
    return rows.map(({ day }) => day);
  };
  const publish = (day: string, cases: number) =>
    feeds.serve(`/${day}/us.csv`, file(`${CASES_HEADER}\n${day},${cases},0\n`));
  const sources = () => ({ cases: feeds.url("/{date}/us.csv"), recoveries: feeds.url("/jhu.csv") });

  /** What the state machine does with an input. */
  async function runMachine(input: object) {
    const store = new RawStoreDirectory(join(folder, "raw"), "covid");
    const http = new HttpClient();
    const progress = { advance: () => undefined, finish: () => undefined };
    const { asked } = fetchEvent.parse({ asked: input });
    const of = addressesOfRun(sources(), asked?.date);
    const keep = async (name: "cases" | "recoveries") =>
      describeObject(name, await fetchSource({ name, ...of[name], store, http, progress }));
    const objects = [await keep("cases"), await keep("recoveries")];
    const event = loadEvent.parse(JSON.parse(JSON.stringify({ objects })));
    return runCovidOn(covid(), "", "", { fetch: async () => openObjects(event, store) });
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "millrace-backfill-days-"));
    database = await openPglite();
    feeds = await startFeedServer();
    feeds.serve("/jhu.csv", file(`${RECOVERIES_HEADER}\n${recoveryRow("2026-03-01", 7)}\n`));
    deployed = await DeployedFeed.start(
      { read: (statement) => readPglite(database, statement), run: runMachine },
      "covid",
    );
    publish("2026-03-01", 10);
    publish("2026-03-03", 30);
    feeds.serve("/2026-03-02/us.csv", status(404));
    configured({ sources: sources() });
  });
  afterAll(async () => {
    await deployed?.stop();
    await feeds?.close();
    await database?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test("knows no rates before the first run of all", async () => {
    const { code, stdout } = await backfill("--from", "2026-03-01", "--to", "2026-03-02", "--dry-run");

    expect([code, stdout]).toEqual([
      0,
      "2 runs; the ledger has no run of this pipeline yet, so neither rows nor time nor cost are known\n" +
        "  2026-03-01: the sources of that day\n  2026-03-02: the sources of that day",
    ]);
  });

  test("--dry-run says what it would take by the ledger's rates, and starts nothing", async () => {
    await runMachine({ date: "2026-03-01" });

    const { code, stdout, output } = await backfill(...RANGE, "--dry-run");

    expect(output).toContain("1 day of the range is loaded already, and left out");
    expect(stdout).toBe(
      "2 runs: by the ledger's rates about 4 rows, less than a minute, less than 0.01 USD of Lambda, Step Functions and S3\n" +
        "  2026-03-02: the sources of that day\n  2026-03-03: the sources of that day",
    );
    expect([code, deployed.executions]).toEqual([0, []]);
  });

  test("runs one day after the other, stops at the first failure, and goes on from there", async () => {
    // Act
    const stopped = await backfill(...RANGE);
    const before = inputs();
    publish("2026-03-02", 20);
    const done = await backfill(...RANGE, "--json");
    const nothing = await backfill(...RANGE);

    // Assess
    expect([stopped.code, stopped.output]).toEqual([
      1,
      expect.stringMatching(/The backfill stopped at 2026-03-02, 1 of 2: got The run \S+ failed.*goes on from there/s),
    ]);
    expect(before).toEqual([{ date: "2026-03-02" }]);
    expect(JSON.parse(done.stdout)).toMatchObject({
      ...{ pipeline: "covid", runs: 2, loaded: 1, rows: 4 },
      windows: [
        { from: "2026-03-02", to: "2026-03-02" },
        { from: "2026-03-03", to: "2026-03-03" },
      ],
    });
    expect(inputs().slice(1)).toEqual([{ date: "2026-03-02" }, { date: "2026-03-03" }]);
    expect(await loaded()).toEqual(["2026-03-01 10", "2026-03-02 20", "2026-03-03 30"]);
    expect(nothing.stdout).toBe("Nothing to do for covid from 2026-03-01 to 2026-03-03");
  });

  test("loads a day once more with --again, or if its run was undone; and waits for the end of another run", async () => {
    // Prepare
    publish("2026-03-01", 11);
    publish("2026-03-03", 31);
    const [newest] = deployed.executions;
    const { runId } = JSON.parse(newest?.output ?? "{}");
    const began = deployed.executions.length;
    if (newest !== undefined) newest.status = "RUNNING";
    deployed.isAskedOf("ListExecutions");

    // Act
    const ending = backfill("--from", "2026-03-01", "--to", "2026-03-01", "--again");
    while (!deployed.isAskedOf("ListExecutions")) await new Promise((resolve) => setImmediate(resolve));
    const during = deployed.executions.length;
    if (newest !== undefined) newest.status = "SUCCEEDED";
    const again = await ending;
    await undoCovid(new LiveDatabase(covid()), { run: runId, by: "ann", isCascade: false }, () => undefined);
    const undone = await loaded();
    await backfill(...RANGE);

    // Assess
    expect([again.code, during]).toEqual([0, began]);
    expect(undone).toEqual(["2026-03-01 11", "2026-03-02 20"]);
    expect(inputs().slice(began)).toEqual([{ date: "2026-03-01" }, { date: "2026-03-03" }]);
    expect(await loaded()).toEqual(["2026-03-01 11", "2026-03-02 20", "2026-03-03 31"]);
  });

  test("takes the word of the ledger's newest run where the addresses are in secrets", async () => {
    const secretly = { credentials: { cases: { secretArn: SECRET }, recoveries: { secretArn: SECRET } } };
    configured(secretly);
    const dated = await backfill(...RANGE);
    await runCovidOn(covid(), `${CASES_HEADER}\n2026-03-04,40,0\n`);
    const whole = await backfill(...RANGE);
    configured({ sources: sources() });

    expect(dated.stdout).toBe("Nothing to do for covid from 2026-03-01 to 2026-03-03");
    expect([whole.code, whole.output]).toEqual([2, expect.stringMatching(/covid cannot be backfilled/)]);
  });

  test("leaves days to come out, and says so", async () => {
    const dayAfter = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
    const [tomorrow, later] = [dayAfter(1), dayAfter(4)];

    const some = await backfill("--from", dayAfter(0), "--to", later, "--dry-run");
    const none = await backfill("--from", tomorrow, "--to", tomorrow);

    expect(some.output).toMatch(/^4 days of the range are after today \(\S+, UTC\), and left out$/m);
    expect(some.stdout).toContain("the sources of that day");
    expect(some.stdout).not.toContain(tomorrow);
    expect(none.output).toMatch(/^1 day of the range is after today \(\S+, UTC\), and left out$/m);
    expect(none.stdout).toBe(`Nothing to do for covid from ${tomorrow} to ${tomorrow}`);
  });

  test.each([
    [["--window", "2d"], /The window of covid is a day: got --window 2d, expected 1d/],
    [["--from", "2026-03-04"], /--from is after --to/],
  ])("%j is refused", async (args, says) => {
    const { code, output } = await backfill(...RANGE, ...args);
    expect([code, output]).toEqual([2, expect.stringMatching(says)]);
  });
});
