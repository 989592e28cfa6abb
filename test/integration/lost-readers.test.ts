import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nodeScript, runEtl } from "../support/processes/run-etl";

describe("a reader that closes its end", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "millrace-readers-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs a script whose output nobody reads; what is still read comes back. */
  async function runUnread(
    lost: readonly ("stdout" | "stderr")[],
    script: string,
    args: readonly string[],
    stdout: number | "pipe" = "pipe",
  ) {
    const child = spawn(process.execPath, [...nodeScript(script), ...args], {
      cwd: folder,
      env: { ...process.env, DATABASE_URL: undefined, NODE_OPTIONS: undefined },
      stdio: ["ignore", stdout, "pipe"],
    });
    let said = "";
    for (const name of ["stdout", "stderr"] as const) {
      if (lost.includes(name)) child[name]?.destroy();
      else
        child[name]?.setEncoding("utf8").on("data", (text: string) => {
          said += text;
        });
    }
    const [code] = await once(child, "close");
    return { code, said };
  }

  test.each([
    ["240 unchanged", "covid"],
    ["nothing to do", "feed", "sales"],
  ])("takes nothing from a load that says %s, %s", async (again, ...command) => {
    // Act
    const unheard = await runUnread(["stderr", "stdout"], "etl", command);
    const second = await runEtl(folder, command);
    const unprinted = await runUnread(["stdout"], "etl", command);

    // Assess
    expect(unheard.code).toBe(0);
    expect(second).toMatchObject({ code: 0, stdout: expect.stringMatching(new RegExp(again, "i")) });
    expect(unprinted.code).toBe(0);
    expect(unprinted.said).toMatch(/^warning: everything is done, but the result could not be printed: write EPIPE$/m);
    expect(unprinted.said).not.toMatch(/\n\s+at /);
  });

  const onFullDisk = existsSync("/dev/full") ? test.each : test.skip.each;
  onFullDisk([
    ["ops", "sql", "select 1", "--local"],
    ["etl", "metadata", __filename],
    ["etl", "doctor", "sales"],
  ])("is one thing, a full disk another: %s %s fails where what it prints is lost", async (script, ...args) => {
    // Prepare
    const full = openSync("/dev/full", "w");

    // Act
    const { code, said } = await runUnread([], script, args, full).finally(() => closeSync(full));

    // Assess
    expect(said).toMatch(/^error: The result cannot be written to standard output: got ENOSPC.*Free space/m);
    expect(said).not.toMatch(/\n\s+at /);
    expect(code).toBe(1);
  });

  test("ends orders, whose messages are then printed by the next run", async () => {
    // Act
    const unprinted = await runUnread(["stdout"], "etl", ["orders"]);
    const next = await runEtl(folder, ["orders"]);

    // Assess
    expect(unprinted.code).toBe(1);
    expect(unprinted.said).toMatch(/^error: The messages cannot be printed: got write EPIPE. Run again/m);
    expect(unprinted.said).not.toMatch(/\n\s+at /);
    expect(next.stdout.trim().split("\n")).toHaveLength(8);
  });

  test("takes nothing from orders where only standard error is not heard", async () => {
    // Act
    const unheard = await runUnread(["stderr"], "etl", ["orders"]);

    // Assess
    expect(unheard).toMatchObject({ code: 0, said: expect.stringMatching(/^(\{.*\}\n){8}$/) });
  });

  test.each([
    [0, "etl", ["--help"]],
    [0, "etl", ["metadata", __filename, __filename]],
    [0, "etl", ["doctor", "sales"]],
    [1, "etl", ["doctor", "sales", "--database-url", "postgres://127.0.0.1:1/none"]],
    [0, "ops", ["--help"]],
    [0, "new-feed", ["--help"]],
    [2, "new-feed", ["Made_Up"]],
  ])("leaves the exit code %i of %s %j as it is", async (code, script, args) => {
    // Act
    const unread = await runUnread(["stdout"], script, args);
    const unheard = await runUnread(["stderr"], script, args);

    // Assess
    expect([unread.code, unheard.code]).toEqual([code, code]);
    expect(`${unread.said}${unheard.said}`).not.toMatch(/\n\s+at .*:\d+|EPIPE/);
  });
});
