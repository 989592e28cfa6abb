import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const ROOT = join(__dirname, "../../..");
const TSX = pathToFileURL(require.resolve("tsx")).href;

/** How a command ended. */
export interface CommandEnd {
  readonly code: number | null;
  /** What killed it, if something did. */
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `etl` as a user does, in a working directory of the test's. */
export function runEtl(cwd: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<CommandEnd> {
  return startEtl(cwd, args, env).end;
}

export interface StartOptions {
  /** No file that it writes may grow beyond so many KiB: what a full disk is to it. @default none */
  readonly mostKiB?: number;
  /** A file descriptor that takes its standard output. @default the test reads it */
  readonly stdout?: number;
  /** A checkout that is compiled, whose command it is. @default this one: compiled where `compile-commands.ts` did so, else as it is */
  readonly compiled?: string;
}

/** As {@link runEtl}, for a test that does something meanwhile. */
export function startEtl(
  cwd: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  { mostKiB, stdout, compiled }: StartOptions = {},
) {
  const command = [process.execPath, ...nodeScript("etl", compiled), ...args];
  const [program = "", ...rest] =
    mostKiB === undefined ? command : ["bash", "-c", `ulimit -f ${mostKiB} && exec "$@"`, "bash", ...command];
  const child = spawn(program, rest, {
    cwd,
    env: { ...withoutDatabase(), ...env },
    stdio: ["ignore", stdout ?? "pipe", "pipe"],
  });
  return watch(child);
}

/** What a program that was started says, and how it ends. */
export function watch(child: ChildProcess) {
  const output = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream]?.setEncoding("utf8").on("data", (text: string) => {
      output[stream] += text;
    });
  }
  const end = new Promise<CommandEnd>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, ...output }));
  });
  const kill = (signal: NodeJS.Signals = "SIGKILL") => child.kill(signal);
  return { end, pid: child.pid ?? 0, kill, output, stdout: child.stdout };
}

/** What Node is told to run `scripts/<name>`. @param compiled as {@link StartOptions} has it */
export function nodeScript(name: string, compiled = process.env.MILLRACE_COMPILED): readonly string[] {
  return compiled === undefined
    ? ["--import", TSX, join(ROOT, "scripts", `${name}.ts`)]
    : [join(compiled, "scripts", `${name}.js`)];
}

/** The developer's own database must not be loaded by a test. */
function withoutDatabase(): NodeJS.ProcessEnv {
  return { ...process.env, DATABASE_URL: undefined, NODE_OPTIONS: undefined };
}
