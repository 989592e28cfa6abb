import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { openPglite } from "../../etl/adapters/pglite/pglite";
import type { FeedTables } from "../../etl/feeds/ledger/tables";
import { salesCsv, writeSales } from "../support/files/sales-files";
import { runEtl, startEtl } from "../support/processes/run-etl";

describe("npm run etl -- feed", () => {
  let folder: string;
  const run = (...args: string[]) => runEtl(folder, ["feed", "sales", ...args]);
  const readRuns = async () => {
    const { db, close } = await openPglite<FeedTables>(join(folder, ".millrace", "db"));
    const runs = await db.selectFrom("etl_run").select("id").execute();
    await close();
    return runs.map(({ id }) => id);
  };
  const runFeed = (...args: string[]) => runEtl(folder, ["feed", ...args]);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "millrace-feed-cli-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test("loads the made-up samples, where the newer object corrects the older", async () => {
    const first = await run();
    const second = await run("--quiet");

    expect(first).toMatchObject({ code: 0, stdout: expect.stringContaining("There were 240 inserts and") });
    expect(first.stderr).toMatch(/made-up samples[\s\S]*parse sales: .*done/);
    expect(second).toMatchObject({ code: 0, stderr: "" });
    expect(second.stdout).toContain("There was nothing to do");
  });

  test("--fresh begins with an empty embedded database, and empties no server", async () => {
    await run("--quiet");

    const fresh = await run("--quiet", "--fresh");
    const refused = await run("--fresh", "--database-url", "postgres://localhost:1/none");

    expect(fresh).toMatchObject({ code: 0, stdout: expect.stringContaining("There were 240 inserts and") });
    expect(refused).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--fresh works only with the embedded database"),
    });
  });

  test("loads files of a folder, plain and packed, and all again with --full", async () => {
    writeSales(join(folder, "in"), { "a.csv": { first: 0, rows: 10 } });
    writeFileSync(join(folder, "in", "b.csv.gz"), gzipSync(salesCsv({ first: 5, rows: 10 })));

    const first = await run("--from", "in", "--json");
    const full = await run("--from", "in", "--json", "--full");

    expect(JSON.parse(first.stdout)).toMatchObject({
      ...{ status: "succeeded", contract: "sales", objects: 2, chunks: 2, rows: 20 },
      ...{ inserted: 20, updated: 0, rejected: 0, text: "There were 20 inserts and 0 updates" },
    });
    expect(JSON.parse(full.stdout)).toMatchObject({ rows: 20, inserted: 0, updated: 0, unchanged: 20 });
  });

  test("tries a contract that is a JSON file, and says what is wrong with one", async () => {
    const contract = {
      $schema: "https://example.com/contract.schema.json",
      ...{ name: "trial", table: "trial", key: ["id"], delimiter: ";" },
      columns: {
        id: { type: "integer", header: ["No", "Nr."], thousands: "." },
        day: { type: "date", format: "D.M.YYYY" },
        price: { type: "numeric", precision: 10, scale: 2, decimal: ",", nullable: true, nullText: "k.A." },
      },
    };
    mkdirSync(join(folder, "in"));
    writeFileSync(join(folder, "in", "a.csv"), "Nr.;day;price\n1.000;1.2.2024;3,50\n1.001;29.2.2024;k.A.\n");
    writeFileSync(join(folder, "trial.json"), JSON.stringify(contract));
    writeFileSync(join(folder, "wrong.json"), JSON.stringify({ ...contract, key: ["no"] }));
    writeFileSync(join(folder, "broken.json"), '{\n  "name": x\n}');

    const loaded = await runFeed("trial.json", "--from", "in", "--json");
    const refused = [];
    for (const args of [["./wrong.json"], ["./broken.json"], ["./none.json"], ["./trial.json"]]) {
      const from = args[0] === "./trial.json" ? [] : ["--from", "in"];
      refused.push(await runFeed(...args, ...from, "--quiet"));
    }
    const doctor = await runEtl(folder, ["doctor", "./trial.json", "--from", "in"]);

    expect(JSON.parse(loaded.stdout)).toMatchObject({ contract: "trial", rows: 2, inserted: 2, rejected: 0 });
    expect(refused.map(({ code }) => code)).toEqual([2, 2, 2, 2]);
    expect(refused[0]?.stderr).toContain(
      './wrong.json cannot be used: key.0: got "no", expected a column of the contract',
    );
    expect(refused[1]?.stderr).toMatch(
      /The JSON of the contract has a fault: got .* \(\.\/broken\.json, line 2, column 11\)/,
    );
    expect(refused[2]?.stderr).toContain("The contract cannot be read");
    expect(refused[3]?.stderr).toContain("Name its files, or their folder by --from");
    expect(doctor).toMatchObject({ code: 0, stdout: expect.stringContaining("trial is what the contract describes") });
  });

  test("says in a line what is wrong with AWS", async () => {
    const aws = { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test", AWS_ENDPOINT_URL: "http://127.0.0.1:1" };
    const from = (env: Record<string, string>) =>
      runEtl(folder, ["feed", "sales", "--quiet", "--from", "s3://bucket/sales/"], { ...aws, ...env });

    const dead = await from({ AWS_REGION: "eu-central-1" });
    const placeless = await from({ AWS_REGION: "", AWS_DEFAULT_REGION: "", AWS_CONFIG_FILE: "none" });

    expect([dead.code, placeless.code]).toEqual([1, 1]);
    expect(dead.stderr).toMatch(
      /^error: AWS cannot be reached: got connect ECONNREFUSED 127.0.0.1:1. Check the network.*\n$/,
    );
    expect(placeless.stderr).toMatch(/^error: No usable AWS region is set: got Region .*\n$/);
  });

  test("fails where too many rows are rejected, and says which and why", async () => {
    writeSales(join(folder, "in"), {});
    writeFileSync(join(folder, "in", "a.csv"), salesCsv({ first: 0, rows: 2 }).replace(/,\d+\.\d\d,/, ",1.005,"));
    writeFileSync(join(folder, "in", "empty.csv"), "");

    const { code, stdout, stderr } = await run("--from", "in", "--json");

    expect(code).toBe(1);
    const [ran] = await readRuns();
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ status: "failed", kind: "rejected", runId: ran, rows: 1, inserted: 0, rejected: 1, chunks: 1 },
      error: expect.stringContaining("Too many rows"),
      warnings: [expect.stringMatching(/1 object was empty.*empty\.csv/)],
    });
    expect(stderr).toMatch(/^Warning: 1 object was empty/m);
    expect(stderr).toMatch(/amount: got "1\.005".*2 after the point/);
  });

  test.each<[string, readonly string[], string, RegExp]>([
    ["an option's value", ["--workers", "many"], "usage", /whole number from 1 to 99/],
    [
      "an option that contradicts another",
      ["--fresh", "--database-url", "postgres://x/y"],
      "usage",
      /--fresh works only/,
    ],
    ["an option that there is not", ["--ful"], "usage", /unknown option/],
    ["a limit", ["--max-rejected", "few"], "usage", /neither a number of rows nor a share/],
    ["a folder", ["--from", "nowhere"], "usage", /there is no such folder/],
    ["a database", ["--database-url", "postgres://a:b@127.0.0.1:1/c"], "database", /127\.0\.0\.1:1/],
  ])("--json is one object where %s is wrong, too", async (_what, args, kind, error) => {
    const { code, stdout, stderr } = await run(...args, "--json");

    const nothing = { runId: null, inserted: 0, updated: 0, rejected: 0 };
    expect(JSON.parse(stdout)).toMatchObject({
      status: "failed",
      kind,
      error: expect.stringMatching(error),
      ...nothing,
    });
    expect(code).toBe(kind === "usage" ? 2 : 1);
    expect(stderr).toMatch(error);
  });

  test.each(["SIGINT", "SIGTERM"] as const)("says what it leaves where %s stops it", async (signal) => {
    const silent = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.resume();
    });
    await once(silent.listen(0, "127.0.0.1"), "listening");
    const { port } = silent.address() as AddressInfo;
    const url = `postgres://me@127.0.0.1:${port}/none`;

    const command = startEtl(folder, ["feed", "sales", "--json", "--database-url", url]);
    await once(silent, "connection");
    command.kill(signal);
    const { code, stdout, stderr } = await command.end;
    silent.close();

    expect(code).toBe(signal === "SIGINT" ? 130 : 143);
    expect(stderr).toMatch(/^Stopped before a row was loaded\. The same command starts over$/m);
    expect(JSON.parse(stdout)).toMatchObject({ status: "interrupted", kind: "interrupted", rows: 0 });
  });

  test.each([
    ["workers for the embedded database", ["--workers", "2"], /takes one worker.*--database-url/, 2],
    ["no number of workers", ["--workers", "many"], /whole number from 1 to 99/, 2],
    [
      "files and a folder",
      [__filename, "--from", __dirname],
      /Files are named, and --from: got .*test\.ts and --from .*integration/,
      2,
    ],
    ["a file that is not there", ["nowhere.csv"], /nowhere\.csv' is invalid.*there is no such file/, 2],
    ["no limit", ["--max-rejected", "few"], /--max-rejected is neither a number of rows nor a share/, 2],
    ["a folder that is not there", ["--from", "nowhere"], /nowhere' is invalid.*there is no such folder/, 2],
  ])("refuses %s", async (_what, args, message, exitCode) => {
    const { code, stderr } = await run(...args);

    expect(code).toBe(exitCode);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test("--verdicts writes what became of each file beside it, and nothing without", async () => {
    writeSales(join(folder, "in"), { "a.csv": { first: 0, rows: 10 } });
    writeFileSync(join(folder, "in", "b.csv"), "x\n");
    const dry = await run("--from", "in", "--verdicts", "--dry-run");
    expect(dry).toMatchObject({ code: 2, stderr: expect.stringContaining("A dry run writes nothing") });
    expect((await run("--from", "in", "--quiet")).code).toBe(1);
    expect(readdirSync(join(folder, "in"))).toEqual(["a.csv", "b.csv"]);
    expect((await run("--from", "in", "--quiet", "--full", "--verdicts")).code).toBe(1);
    const read = (name: string) => JSON.parse(readFileSync(join(folder, "in", `${name}.verdict.json`), "utf8"));
    expect(read("a.csv")).toMatchObject({ status: "accepted", accepted: 10, rejected: 0 });
    expect(read("b.csv")).toMatchObject({ status: "rejected", reason: expect.stringMatching(/^The header has no/) });
    expect(readdirSync(join(folder, "in"))).toHaveLength(4);
  });

  test("loads just the files that are named", async () => {
    writeSales(join(folder, "in"), { "a.csv": { first: 0, rows: 10 }, "b.csv": { first: 10, rows: 10 } });

    const first = await run(join("in", "b.csv"), "--json");
    const all = await run("--from", "in", "--json");

    expect(JSON.parse(first.stdout)).toMatchObject({ objects: 1, inserted: 10 });
    expect(JSON.parse(all.stdout)).toMatchObject({ objects: 1, inserted: 10 });
  });

  test("--dry-run says what a run would do, and keeps nothing of it", async () => {
    writeSales(join(folder, "in"), { "a.csv": { first: 0, rows: 10 } });

    const dry = await run("--from", "in", "--json", "--dry-run");
    const told = await run("--from", "in", "--quiet", "--dry-run");
    const real = await run("--from", "in", "--json");
    const refused = await run("--dry-run", "--workers", "2", "--database-url", "postgres://localhost:1/none");

    expect(JSON.parse(dry.stdout)).toMatchObject({ status: "dry-run", inserted: 10 });
    expect(told.stdout).toMatch(/^Dry run: nothing was kept\.\nThere were 10 inserts/);
    expect(JSON.parse(real.stdout)).toMatchObject({ status: "succeeded", inserted: 10 });
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("A dry run is one transaction") });
  });

  test("allows as many rejected rows as its option says", async () => {
    writeSales(join(folder, "in"), {});
    writeFileSync(join(folder, "in", "a.csv"), salesCsv({ first: 0, rows: 2 }).replace(/,\d+\.\d\d,/, ",1.005,"));

    const { code, stdout } = await run("--from", "in", "--json", "--max-rejected", "50%");

    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ status: "succeeded", inserted: 1, rejected: 1 });
  });

  test.each([
    [["feed", "x"], /no such contract: got "x", expected sales/],
    [["feed"], /missing required argument/],
    [["import", "--contract", "sales", "--from", "."], /npm run etl -- feed sales now: got import --contract sales/],
    [["import"], /required option '--from <folder-or-s3-prefix>' not specified/],
    [["doctor", "--contract", "sales"], /expected npm run etl -- doctor sales/],
    [["doctor"], /missing required argument/],
    [["readings", "--dry-run"], /npm run etl -- feed readings now/],
  ])("etl %j is wrong usage", async (args, message) => {
    const { code, stderr } = await runEtl(folder, args);

    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  test("doctor says that all is well, or what is not", async () => {
    const well = await runEtl(folder, ["doctor", "sales"]);
    const refused = await runEtl(folder, [
      "doctor",
      "sales",
      "--database-url",
      "postgres://a:b@127.0.0.1:1/c",
      "--json",
    ]);

    expect(well).toMatchObject({ code: 0, stdout: expect.stringMatching(/^ok {3}objects.*\n.*ok {3}clock/s) });
    expect(refused.code).toBe(1);
    expect(JSON.parse(refused.stdout)).toContainEqual(
      expect.objectContaining({ name: "network", ok: false, fix: "Start the database, or correct the port" }),
    );
  });
});
