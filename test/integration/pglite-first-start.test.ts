import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { openPglite } from "../../etl/adapters/pglite/pglite";
import { seeded } from "../../scripts/project/samples/seeded";
import { nodeScript } from "../support/processes/run-etl";

const HOLDER = join(__dirname, "../support/processes/hold-pglite.ts");
const TSX = pathToFileURL(require.resolve("tsx")).href;
const COMMAND = [process.execPath, "--import", TSX, HOLDER];
const KILLS = 5;

describe("the first start of the embedded database", () => {
  let folder: string;
  let directory: string;
  let cache: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "millrace-first-"));
    directory = join(folder, "db");
    cache = mkdtempSync(join(tmpdir(), "millrace-cache-"));
  });
  afterEach(() => {
    for (const made of [folder, cache]) rmSync(made, { recursive: true, force: true });
  });

  /** A process that opens the database and keeps it. */
  function start(command: readonly string[]) {
    const [program = "", ...args] = command;
    const env = { ...process.env, DATABASE_URL: undefined, NODE_OPTIONS: undefined, XDG_CACHE_HOME: cache };
    const child = spawn(program, args, { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
    const open = once(child.stdout, "data").then(() => "open" as const);
    const ended = once(child, "close").then(([code, signal]) => ({ code, signal, said }));
    return { child, open, ended };
  }

  async function untilItMakes(child: ChildProcess): Promise<void> {
    while (!existsSync(`${directory}.new`) && child.exitCode === null) await sleep(10);
  }

  async function kill({ child, ended }: ReturnType<typeof start>) {
    child.kill("SIGKILL");
    return ended;
  }

  test.each(["unpacked", "copied"])(`killed ${KILLS} times while it is %s, it is made by the next`, async (how) => {
    // Prepare
    const command = how === "copied" ? [...COMMAND, directory, cache] : [...COMMAND, directory];
    if (how === "copied") {
      const { close } = await openPglite(join(cache, "first"), { cache });
      await close();
    }
    const whole = start(command);
    await untilItMakes(whole.child);
    const began = performance.now();
    await whole.open;
    const takes = performance.now() - began;
    await kill(whole);
    rmSync(directory, { recursive: true });
    const random = seeded(13);

    // Act
    const ends = [];
    for (let killed = 0; killed < KILLS; killed += 1) {
      const next = start(command);
      await untilItMakes(next.child);
      await Promise.race([sleep(random() * takes), next.open]);
      ends.push(await kill(next));
      if (existsSync(directory) && readdirSync(directory).length > 0) await open();
    }

    // Assess
    expect(ends).toEqual(Array(KILLS).fill({ code: null, signal: "SIGKILL", said: "" }));
    await open();
    expect(readdirSync(folder)).toEqual([]);
  });

  /** Opens it, and lets the next start be a first one again. */
  async function open() {
    const { close } = await openPglite(directory);
    await close();
    rmSync(directory, { recursive: true });
  }

  test.each(["ulimit -n 60", "ulimit -f 400"])("stopped by %s, it leaves nothing that is broken", async (limit) => {
    // Prepare
    const covid = [...nodeScript("etl"), "covid", "--quiet"];

    // Act
    const stopped = start(["bash", "-c", `${limit}; exec "$@"`, "bash", process.execPath, ...covid]);
    const { code, said } = await stopped.ended;
    const next = start([process.execPath, ...covid]);

    // Assess
    expect(code).toBe(1);
    expect(said).toMatch(
      /^error: The embedded database in .millrace\/db cannot be created: got .* a limit of this shell \(ulimit/,
    );
    expect(said).not.toMatch(/\n\s+at |\[object|assert/i);
    expect(await next.ended).toMatchObject({ code: 0, said: expect.stringContaining("240 inserts") });
  });

  test.each([".millrace/db.new", ".millrace"])(
    "whose %s goes away while it is unpacked says that it cannot be made",
    async (gone) => {
      // Prepare
      directory = join(folder, ".millrace", "db");
      const first = start([process.execPath, ...nodeScript("etl"), "feed", "sales", "--quiet"]);
      await untilItMakes(first.child);

      // Act
      renameSync(join(folder, gone), join(folder, "elsewhere"));
      const { code, said } = await first.ended;

      // Assess
      expect(code).toBe(1);
      expect(said).toMatch(/^error: The embedded database in .millrace\/db cannot be created: got /);
      expect(said).not.toMatch(/\n\s+at |\[object|assert/i);
    },
  );
});
