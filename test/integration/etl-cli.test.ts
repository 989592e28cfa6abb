import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { file as answer, fileWithEtag, status } from "../support/feeds/feed-answers";
import { startFeedServer } from "../support/feeds/feed-server";
import { RECOVERIES_HEADER, recoveryRow } from "../support/models/covid-run";
import { runEtl } from "../support/processes/run-etl";

let folder: string;
const file = (name: string, content: string) => {
  writeFileSync(join(folder, name), content);
  return name;
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "millrace-cli-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("npm run etl", () => {
  test("--help documents every option and the exit codes", async () => {
    const top = await runEtl(folder, ["--help"]);
    const covid = await runEtl(folder, ["covid", "--help"]);
    expect([top.code, covid.code]).toEqual([0, 0]);
    expect(top.stdout).toMatch(/covid .*daily feed[\s\S]*Exit codes: 0 done, 1 the run failed, 2 wrong usage/);
    for (const option of [
      "cases",
      "recoveries",
      "live",
      "date",
      "database-url",
      "fresh",
      "join",
      "max-rejected",
      "revision-days",
      "dry-run",
      "json",
      "quiet",
    ]) {
      expect(covid.stdout).toContain(`--${option}`);
    }
  });

  test.each([
    [["nonsense"], /unknown command 'nonsense'/],
    [["covid", "--joni", "left"], /unknown option '--joni'/],
    [["covid", "--join", "outer"], /'outer' is invalid. Allowed choices are left, inner/],
    [["covid", "--date", "2026-02-30"], /expected a day as YYYY-MM-DD/],
    [["covid", "--date", "2026-03-01"], /No source is of a day: got the day 2026-03-01, and no address with \{date\}/],
    [["covid", "--revision-days", "0"], /got "0", expected 1 to 99999, for example 730/],
    [["covid", "--max-rejected", "few"], /got "few", expected for example 12 or 0.5%/],
    [["covid", "--fresh", "--database-url", "postgres://localhost/x"], /--fresh works only with the embedded database/],
    [["covid", "--cases", __filename], /both --cases and --recoveries/],
    [["covid", "--live", "--cases", __filename], /--live already selects both sources/],
  ])("%j is wrong usage", async (args, message) => {
    const { code, stdout, stderr } = await runEtl(folder, args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  test.each([
    [["--joni", "left"], /^unknown option '--joni'/],
    [["--max-rejected", "few"], /got "few"/],
    [["--live", "--cases", __filename], /--live already selects both sources/],
  ])("covid --json %j is one object, too", async (args, message) => {
    const { code, stdout } = await runEtl(folder, ["covid", "--json", ...args]);

    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      status: "failed",
      kind: "usage",
      error: expect.stringMatching(message),
    });
  });

  /** What stands where the report should go. */
  const obstacles: readonly (readonly [string, RegExp, (report: string) => void])[] = [
    ["a folder", /EISDIR/, (report) => mkdirSync(report)],
    ["a folder that is a file", /ENOTDIR/, (report) => symlinkSync(join(__filename, "report.html"), report)],
    ...(existsSync("/dev/full")
      ? [["a full disk", /ENOSPC/, (report: string) => symlinkSync("/dev/full", report)] as const]
      : []),
  ];
  test.each(obstacles)("a report that meets %s is a warning, and the run a success", async (_, reason, obstruct) => {
    const own = mkdtempSync(join(folder, "obstructed-"));
    mkdirSync(join(own, ".millrace"));
    obstruct(join(own, ".millrace", "report.html"));

    const { code, stdout, stderr } = await runEtl(own, ["covid", "--json", "--quiet"]);

    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ status: "succeeded", inserted: 240, runId: expect.any(String) });
    const told = { warnings: [expect.stringMatching(/^the report could not be written: /)] };
    expect(JSON.parse(stdout)).toMatchObject(told);
    const [warning, ...others] = stderr.split("\n").filter((line) => line.startsWith("warning"));
    expect(warning).toMatch(/^warning: the report could not be written: /);
    expect(warning).toMatch(reason);
    expect(others).toEqual([]);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  test("the embedded database stays between runs, and --fresh starts over", async () => {
    const first = await runEtl(folder, ["covid"]);
    const second = await runEtl(folder, ["covid", "--json"]);
    const dry = await runEtl(folder, ["covid", "--json", "--quiet", "--fresh", "--dry-run"]);

    expect(first.code).toBe(0);
    expect(first.stdout).toMatch(/^There were 240 inserts and 0 updates \(0 unchanged, 0 rejected\)$/m);
    expect(first.stdout).toMatch(/Newest record: date 2026-08-28/);
    expect(first.stderr).toMatch(/made-up samples[\s\S]*parse cases[\s\S]*load covid_daily/);
    expect(readFileSync(join(folder, ".millrace", "report.html"), "utf8")).toContain("<!doctype html>");
    expect(JSON.parse(second.stdout)).toMatchObject({ inserted: 0, updated: 0, unchanged: 240 });
    expect(JSON.parse(dry.stdout)).toMatchObject({ status: "dry-run", inserted: 240 });
    expect(dry.stderr).toBe("");
  });

  test("--json is one object with these keys", async () => {
    const cases = file("cases.csv", "date,cases,deaths\n2020-01-21,1,0\n2020-01-22,x,0\n");
    const recoveries = file("recoveries.csv", [RECOVERIES_HEADER, recoveryRow("2020-01-21", 5)].join("\n"));
    const args = ["covid", "--cases", cases, "--recoveries", recoveries, "--json"];
    const failed = await runEtl(folder, [...args, "--fresh"]);
    const allowed = await runEtl(folder, [...args, "--max-rejected", "50%"]);

    expect([failed.code, allowed.code]).toEqual([1, 0]);
    expect(JSON.parse(failed.stdout)).toMatchObject({
      status: "failed",
      kind: "rejected",
      inserted: 0,
      error: expect.stringContaining("Too many rows"),
    });
    expect(failed.stderr).toMatch(/\.csv, line 3 \(cases\)\)[\s\S]*cases: got "x", expected a whole number/);
    expect(failed.stderr).not.toMatch(/\n\s+at /);
    expect(JSON.parse(allowed.stdout)).toEqual({
      pipeline: "covid",
      runId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      status: "succeeded",
      inserted: 1,
      updated: 0,
      unchanged: 0,
      rejected: 1,
      dropped: 0,
      newest: { date: "2020-01-21", cases: 1, deaths: 0, recoveries: 5 },
      sources: [
        {
          name: "recoveries",
          location: recoveries,
          sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
          bytes: 103,
          rows: 1,
          header: RECOVERIES_HEADER.split(","),
          empty: ["Province/State"],
        },
        {
          name: "cases",
          location: cases,
          sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
          bytes: 48,
          rows: 2,
          header: ["date", "cases", "deaths"],
        },
      ],
      warnings: [expect.stringMatching(/^no news since 2020-01-21 \(\d,\d{3} days\): /)],
      durationMs: expect.any(Number),
    });
  });

  test("a file that is not there is refused before there is a run", async () => {
    const own = mkdtempSync(join(folder, "gone-"));
    const args = ["covid", "--cases", "gone.csv", "--recoveries", "gone.csv", "--quiet"];

    const { code, stderr } = await runEtl(own, args);

    expect(code).toBe(2);
    expect(stderr).toMatch(/'gone\.csv' is invalid\. there is no such file/);
    expect(existsSync(join(own, ".millrace"))).toBe(false);
  });

  test("takes addresses, and says when they have not changed", async () => {
    const server = await startFeedServer();
    server.serve("/cases", status(503), fileWithEtag("date,cases,deaths\n2020-01-21,1,0\n", '"c1"'));
    server.serve("/recoveries", fileWithEtag([RECOVERIES_HEADER, recoveryRow("2020-01-21", 5)].join("\n"), '"r1"'));
    const args = ["covid", "--cases", server.url("/cases"), "--recoveries", server.url("/recoveries")];
    const first = await runEtl(folder, [...args, "--fresh"]);
    const second = await runEtl(folder, args);
    server.serve("/cases", status(404));
    const gone = await runEtl(folder, [...args, "--json", "--quiet"]);
    await server.close();

    expect(first.stdout).toMatch(/^There were 1 inserts and 0 updates/);
    expect(first.stdout).not.toMatch(/Unchanged since/);
    expect(second.stdout).toMatch(/^There were 0 inserts and 0 updates/);
    expect(second.stdout).toMatch(/Unchanged since the last download: recoveries, cases/);
    expect(gone.code).toBe(1);
    expect(JSON.parse(gone.stdout)).toMatchObject({
      status: "failed",
      error: expect.stringMatching(/step fetch: .*404/),
    });
  });

  test("takes addresses with {date}, for the day that is given", async () => {
    const server = await startFeedServer();
    server.serve("/2020-01-21/cases", answer("date,cases,deaths\n2020-01-21,1,0\n"));
    server.serve("/recoveries", answer([RECOVERIES_HEADER, recoveryRow("2020-01-21", 5)].join("\n")));
    const addresses = ["--cases", server.url("/{date}/cases"), "--recoveries", server.url("/recoveries")];
    const { stdout } = await runEtl(folder, ["covid", ...addresses, "--date", "2020-01-21", "--fresh", "--json"]);
    server.serve("/2020-01-22/cases", status(404));
    const without = await runEtl(folder, ["covid", ...addresses, "--date", "2020-01-22", "--json", "--quiet"]);
    await server.close();

    expect(JSON.parse(stdout)).toMatchObject({
      ...{ status: "succeeded", inserted: 1 },
      sources: [
        expect.not.objectContaining({ day: expect.anything() }),
        { name: "cases", location: server.url("/2020-01-21/cases"), day: "2020-01-21" },
      ],
    });
    expect(readdirSync(join(folder, ".millrace/raw/covid/cases"))).toContain("2020-01-21");
    expect(JSON.parse(without.stdout).error).toContain("There is no file of 2020-01-22, or not yet");
  });

  test("a database that is not there ends with exit code 1 and what to do", async () => {
    const { code, stdout, stderr } = await runEtl(folder, ["covid", "--json"], {
      DATABASE_URL: "postgres://me:secret@127.0.0.1:1/feeds",
    });
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      runId: null,
      status: "failed",
      error: expect.stringMatching(/127.0.0.1:1/),
    });
    expect(stderr).toMatch(/127\.0\.0\.1:1/);
    expect(stderr).not.toMatch(/secret|\n\s+at /);
  });
});
