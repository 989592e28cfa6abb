import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { openPglite } from "../../etl/adapters/pglite/pglite";
import { covidSeries } from "../../etl/pipelines/covid/report-series";
import type { CovidTables } from "../../etl/pipelines/covid/tables";
import { makeReportPage } from "../../scripts/run/dashboard/report-page";
import { CASES_HEADER, runCovidOn } from "../support/models/covid-run";

const options = { pipeline: "covid", series: covidSeries };
const SCRIPT = join(__dirname, "..", "..", "scripts", "dashboard.ts");
const TSX = pathToFileURL(require.resolve("tsx")).href;

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "millrace-dashboard-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function load(...rows: string[]): Promise<void> {
  const database = await openPglite<CovidTables>(join(folder, ".millrace", "db"));
  await runCovidOn(database, [CASES_HEADER, ...rows].join("\n"));
  await database.close();
}

/** Starts the dashboard as a user does; `ended` gives its exit code and what it complained about. */
function startDashboard(...args: string[]) {
  const child = spawn(process.execPath, ["--import", TSX, SCRIPT, ...args], {
    cwd: folder,
    env: { ...process.env, DATABASE_URL: undefined, NODE_OPTIONS: undefined },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaint += text;
  });
  const address = once(createInterface(child.stdout), "line").then(([line]) => /http:\S+/.exec(line)?.[0] ?? "");
  const ended = once(child, "close").then(([code]) => ({ code, complaint }));
  return { child, address, ended };
}

test.each(["stdout", "stderr"] as const)("a lost reader of %s takes nothing from it", async (name) => {
  // Prepare
  const { child, address, ended } = startDashboard("--port", "0");
  const at = await address;

  // Act
  child[name].destroy();
  const pages = [await fetch(at), await fetch(at)];
  child.kill("SIGTERM");

  // Assess
  expect(pages.map(({ status }) => status)).toEqual([200, 200]);
  expect(await ended).toEqual({ code: 0, complaint: "" });
});

test("a missing database is a friendly page, and is not made by looking", async () => {
  const page = await makeReportPage({ directory: join(folder, "db") }, options);
  expect(page.status).toBe(200);
  expect(page.html).toContain("No figures yet");
  expect(existsSync(join(folder, "db"))).toBe(false);
});

test("while a run has the database, the page says so and asks again", async () => {
  const database = await openPglite<CovidTables>(join(folder, "db"));
  try {
    const page = await makeReportPage({ directory: join(folder, "db") }, options);
    expect(page.status).toBe(503);
    expect(page.html).toContain("A run is in progress");
    expect(page.html).toContain('http-equiv="refresh"');
  } finally {
    await database.close();
  }
});

test("a PostgreSQL that does not answer is explained without its password", async () => {
  const page = await makeReportPage(
    { databaseUrl: "postgres://me:s3cret@127.0.0.1:1/feeds", directory: folder },
    options,
  );
  expect(page.status).toBe(503);
  expect(page.html).toContain("127.0.0.1:1");
  expect(page.html).not.toContain("s3cret");
});

test("serves the database's data, again after a run in between, and ends cleanly", async () => {
  await load("2020-01-21,10,1");
  const { child, address, ended } = startDashboard("--port", "0");
  try {
    const url = await address;
    expect(await (await fetch(url)).text()).toContain('<data value="10" data-column="cases">');

    await load("2020-01-21,10,1", "2020-01-22,25,1");

    expect(await (await fetch(url)).text()).toContain('<data value="25" data-column="cases">');

    const second = startDashboard("--port", new URL(url).port);
    const { code, complaint } = await second.ended;
    expect(code).toBe(1);
    expect(complaint).toMatch(/^error: The dashboard cannot listen on port \d+: .*--port 0/);
    expect(complaint).not.toContain("    at ");
  } finally {
    child.kill("SIGINT");
  }
  expect(await ended).toEqual({ code: 0, complaint: "" });
});

test.each(["SIGINT", "SIGTERM"] as const)("ends at once on %s, whatever connections are open", async (signal) => {
  // Prepare
  const { child, address, ended } = startDashboard("--port", "0");
  const port = Number(new URL(await address).port);
  const silent = connect(port, "127.0.0.1");
  const halfAsked = connect(port, "127.0.0.1", () => halfAsked.write("GET / HTTP/1.1\r\nHost: localhost\r\n"));
  for (const socket of [silent, halfAsked]) socket.on("error", () => undefined);
  await Promise.all([silent, halfAsked].map((socket) => once(socket, "connect")));

  // Act
  child.kill(signal);

  // Assess
  expect(await ended).toEqual({ code: 0, complaint: "" });
  for (const socket of [silent, halfAsked]) socket.destroy();
});

test("wrong usage is exit code 2", async () => {
  const { ended } = startDashboard("--port", "70000");
  expect(await ended).toMatchObject({ code: 2, complaint: expect.stringContaining("0 to 65535") });
});
