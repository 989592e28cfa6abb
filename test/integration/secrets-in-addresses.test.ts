import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openPostgres } from "../../etl/adapters/postgres/postgres";
import { file, redirect } from "../support/feeds/feed-answers";
import { type FeedServer, startFeedServer } from "../support/feeds/feed-server";
import { RECOVERIES_HEADER, recoveryRow } from "../support/models/covid-run";
import { runEtl } from "../support/processes/run-etl";

describe("credentials in an address", () => {
  let folder: string;
  let server: FeedServer;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "millrace-secrets-"));
    server = await startFeedServer();
    server.serve("/cases", redirect("/moved?sid=s3cret"));
    server.serve("/moved", file("date,cases,deaths\n2020-01-21,1,0\n"));
    server.serve("/recoveries", file([RECOVERIES_HEADER, recoveryRow("2020-01-21", 5)].join("\n")));
  });
  afterAll(async () => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const secret = (path: string) => server.url(path).replace("http://", "http://s3cret:s3cret@");

  /** All that the runs left behind: ledger, report, raw bodies and what is remembered of them. */
  function filesThatSay(word: string): string[] {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => readFileSync(path).includes(word));
  }

  test("are sent, and shown and kept nowhere", async () => {
    // Prepare
    const good = ["--cases", secret("/cases?anything=s3cret"), "--recoveries", secret("/recoveries?s3cret")];
    const gone = ["--cases", secret("/gone?code=s3cret"), "--recoveries", secret("/recoveries?s3cret")];

    // Act
    const loaded = await runEtl(folder, ["covid", ...good, "--json"]);
    const failed = await runEtl(folder, ["covid", ...gone, "--json"]);

    // Assess
    expect(server.requests.map(({ path }) => path)).toContain("/cases?anything=s3cret");
    expect([loaded.code, failed.code]).toEqual([0, 1]);
    expect(loaded.stdout).toContain("anything=***");
    expect(failed.stderr).toContain("/gone?code=***");
    expect(`${loaded.stdout}${loaded.stderr}${failed.stdout}${failed.stderr}`).not.toContain("s3cret");
    expect(filesThatSay("anything=***").length).toBeGreaterThan(0);
    expect(filesThatSay("s3cret")).toEqual([]);
  });

  test.each([
    " HTTPS:/me:s3cret@127.0.0.1:1/",
    "ht\ttps://me:s3cret@127.0.0.1:1/",
    "feeds/https://me:s3cret@127.0.0.1/",
    "me:s3cret@127.0.0.1:1/us.csv",
    "127.0.0.1:1/us.csv?anything=s3cret",
  ])("are not shown or kept where the address is written as %j", async (cases) => {
    // Act
    const args = ["covid", "--cases", cases, "--recoveries", server.url("/recoveries"), "--json"];
    const { code, stdout, stderr } = await runEtl(folder, args);

    // Assess
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ status: "failed", error: expect.any(String) });
    expect(`${stdout}${stderr}`).not.toMatch(/s3cret|\n\s+at /);
    expect(filesThatSay("s3cret")).toEqual([]);
  });

  test.each([
    "postgres://me:12/s3cret@127.0.0.1/db",
    "postgres://me:12?s3cret@127.0.0.1/db",
    "postgres://me:12#s3cret@127.0.0.1/db",
    "postgres://me:a@b/s3cret@127.0.0.1/db",
    " postgres://me:s3cret@127.0.0.1/db",
  ])("are not shown where a database's password is not encoded: %s", async (url) => {
    // Act
    const error: Error = await openPostgres(url).then(
      () => Promise.reject(new Error("it was opened")),
      (refused) => refused,
    );

    // Assess
    expect(error.message).toMatch(/^the database URL cannot be read.*percent-encoded/);
    expect(error.message).not.toContain("s3cret");
  });

  test.each([
    ["feed", "sales", "--from", "https://s3cret:s3cret@127.0.0.1/sales/"],
    ["orders", "https://s3cret:s3cret@127.0.0.1/orders/"],
    ["metadata", "https://127.0.0.1/us.csv?s3cret"],
    ["feed", "sales", "--from", "//s3cret:s3cret@127.0.0.1/sales/"],
    ["orders", "s3cret:s3cret@127.0.0.1/orders/"],
    ["metadata", "127.0.0.1/us.csv?anything=s3cret"],
  ])("are not shown where %s takes no address", async (...args) => {
    // Act
    const { code, stdout, stderr } = await runEtl(folder, args);

    // Assess
    expect(code).toBe(2);
    expect(stderr).toMatch(/This is an address, not a path: got (https:\/\/\S*)?\*\*\*/);
    expect(`${stdout}${stderr}`).not.toMatch(/s3cret|\n\s+at /);
  });
});
