import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { MillraceError } from "../../etl/core/errors";
import { interruptProgram } from "../deliver/terraform/interrupt";

export interface ProgramOptions {
  readonly cwd?: string;
  /** All environment variables. @default those of this process */
  readonly env?: NodeJS.ProcessEnv;
  /** Called with each line of standard output and error. */
  readonly onLine?: (line: string) => void;
  /** Exit codes that count as success. @default [0] */
  readonly accept?: readonly number[];
  /** The account that it runs as. @default those of this process */
  readonly account?: { readonly uid: number; readonly gid: number };
  /** Kills the program and all its children, which then do not receive a terminal's Ctrl-C themselves. */
  readonly signal?: AbortSignal;
  /** Asks the program once to end, and waits for that; it does not receive a terminal's Ctrl-C itself. */
  readonly interrupt?: AbortSignal;
}

export interface ProgramResult {
  readonly code: number;
  readonly stdout: string;
  /** Both streams in the order in which they came. */
  readonly output: string;
}

/** A program ended with a code that its caller does not accept; the message has the end of its output. */
export class ProgramError extends MillraceError {
  override readonly name = "ProgramError";

  constructor(
    command: string,
    readonly code: number,
    /** Its whole output. */
    readonly output: string,
  ) {
    const end = output.trimEnd().split("\n").slice(-40).join("\n");
    super(`${command} ended with exit code ${code}${end === "" ? "" : `:\n${end}`}`);
  }
}

/**
 * Runs a program to its end, without a shell and without standard input.
 *
 * @throws ProgramError if it ends with a code that is not accepted
 * @throws MillraceError if it cannot be started
 */
export function runProgram(
  program: string,
  args: readonly string[],
  { cwd, env, onLine, accept = [0], account, signal, interrupt }: ProgramOptions = {},
): Promise<ProgramResult> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    interrupt?.throwIfAborted();
    const detached = signal !== undefined || interrupt !== undefined;
    const child = spawn(program, [...args], { cwd, env, detached, ...account, stdio: ["ignore", "pipe", "pipe"] });
    const kill = () => child.pid !== undefined && process.kill(-child.pid, "SIGKILL");
    const ask = () => child.pid !== undefined && interruptProgram(child.pid);
    signal?.addEventListener("abort", kill);
    interrupt?.addEventListener("abort", ask);
    const output: string[] = [];
    const stdout: string[] = [];
    createInterface({ input: child.stdout }).on("line", (line) => {
      stdout.push(line);
      output.push(line);
      onLine?.(line);
    });
    createInterface({ input: child.stderr }).on("line", (line) => {
      output.push(line);
      onLine?.(line);
    });
    child.on("error", (cause) => reject(new MillraceError(`${program} cannot be run`, { cause, got: cause.message })));
    child.on("close", (code, killedBy) => {
      signal?.removeEventListener("abort", kill);
      interrupt?.removeEventListener("abort", ask);
      const result = { code: code ?? 1, stdout: stdout.join("\n"), output: output.join("\n") };
      if (code !== null && accept.includes(code)) resolve(result);
      else reject(new ProgramError([program, ...args].join(" "), result.code, `${result.output}\n${killedBy ?? ""}`));
    });
  });
}
