import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DeployedFeed } from "../support/fakes/deployed-feed";
import { startProjectScript } from "../support/processes/run-script";

const ROWS =
  "millrace_row,millrace_reason,date,cases,deaths,millrace_source,millrace_line,millrace_byte,millrace_run,millrace_text\r\n" +
  '1,bad,2020-01-20,1,0,cases,2,10,00000000-0000-0000-0000-000000000000,"2020-01-20,x,0"\r\n';
const BACKFILL = ["backfill", "covid", "--from", "2026-03-01", "--to", "2026-03-02"];

describe("npm run ops, stopped while it waits for a run", () => {
  let deployed: DeployedFeed;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "millrace-ops-stopped-"));
    const sources = { cases: "https://example.org/{date}.csv", recoveries: "https://example.org/jhu.csv" };
    writeFileSync(join(folder, "config.json"), JSON.stringify({ pipelines: { covid: { sources } } }));
    writeFileSync(join(folder, "rows.csv"), ROWS);
    const nothing = { columns: [], rows: [] };
    deployed = await DeployedFeed.start({ read: async () => nothing, run: async () => undefined }, "covid");
    deployed.isEndless = true;
  });
  beforeEach(() => {
    deployed.executions.length = 0;
    deployed.isAskedOf("DescribeExecution");
    deployed.isAskedOf("ListExecutions");
  });
  afterAll(async () => {
    await deployed?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Stops a command once it has asked Step Functions this. */
  async function stop(args: readonly string[], asked: string, signal: NodeJS.Signals = "SIGINT") {
    const env = { ...deployed.environment, MILLRACE_CONFIG: join(folder, "config.json") };
    const command = startProjectScript("ops.ts", args, env);
    const ended = command.end.then(() => true);
    while (!deployed.isAskedOf(asked)) {
      if (await Promise.race([ended, new Promise<false>((resolve) => setImmediate(resolve, false))])) break;
    }
    command.kill(signal);
    return command.end;
  }

  test.each<[string, readonly string[], NodeJS.Signals, number, string]>([
    ["start", ["start", "covid", "--wait"], "SIGINT", 130, ""],
    ["mend", ["mend", "covid", "ROWS"], "SIGINT", 130, ""],
    ["undo", ["undo", "covid", "abcd"], "SIGTERM", 143, ""],
    [
      "backfill",
      BACKFILL,
      "SIGINT",
      130,
      ". That is 2026-03-01, 1 of 2; later ones were not begun. The same command goes on from there",
    ],
  ])("%s says which run goes on, and what shows and ends it", async (_name, args, signal, expected, rest) => {
    const given = args.map((arg) => (arg === "ROWS" ? join(folder, "rows.csv") : arg));

    const { code, stderr } = await stop(given, "DescribeExecution", signal);

    const [{ name } = { name: "none" }] = deployed.executions;
    expect(stderr).toMatch(
      new RegExp(
        `^Stopped: the run ${name} goes on in AWS\\. npm run ops -- status covid shows it, aws stepfunctions stop-execution --execution-arn arn:\\S+:${name} ends it${rest}$`,
        "m",
      ),
    );
    expect(code).toBe(expected);
    expect(deployed.executions).toHaveLength(1);
  });

  test("backfill says that it began nothing where it waits for another run; with --json in an object, too", async () => {
    deployed.executions.push({ name: "other", input: "{}", status: "RUNNING" });

    const { code, stdout, stderr } = await stop([...BACKFILL, "--json"], "ListExecutions");

    expect(stderr).toMatch(
      /^Stopped: nothing of 2026-03-01, 1 of 2, was begun\. .*the same command goes on from there$/m,
    );
    expect(JSON.parse(stdout)).toEqual({ status: "interrupted", error: expect.stringMatching(/^Stopped: nothing of/) });
    expect([code, deployed.executions.length]).toEqual([130, 1]);
  });
});
