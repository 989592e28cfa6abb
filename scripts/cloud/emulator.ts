import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { MillraceError } from "../../etl/core/errors";
import { freePort } from "./environment/free-port";

const root = resolve(__dirname, "../..");

export interface PermissionsOptions {
  /** Folder whose `node_modules` has the simulator of IAM. */
  readonly simulator: string;
  /** File to which every distinct decision is appended, as a line of JSON. */
  readonly decisions?: string;
  /** Public key (PEM) of the signer of web identities' tokens. */
  readonly webIdentityKey?: string;
}

export interface EmulatorOptions {
  /** Python with the packages of emulator/requirements.txt. */
  readonly python: string;
  /** Node executable of functions. @default this process's */
  readonly node?: string;
  /** Folder for unpacked functions. */
  readonly home: string;
  /** CA file that functions trust in addition to their own. */
  readonly ca?: string;
  /** Address for the host names of all RDS endpoints. */
  readonly database?: { readonly host: string; readonly port: number };
  /** Factor for the waits between a state machine's tries. @default 1 */
  readonly retryPace?: number;
  /** Valid requests to refuse, because of the account or a temporary fault: a switch of quotas.py and its value. */
  readonly refuse?: Readonly<Record<string, string>>;
  /** Where permissions are enforced. @default nowhere: every request is allowed */
  readonly permissions?: PermissionsOptions;
  /** Called with the emulator's standard error. */
  readonly onLine?: (line: string) => void;
}

/** The emulated AWS, in its own process, which ends with this one. Listens on 127.0.0.1 only. */
export class Emulator {
  readonly endpoint: string;
  readonly #process: ChildProcess;

  private constructor(endpoint: string, process: ChildProcess) {
    this.endpoint = endpoint;
    this.#process = process;
  }

  /** @throws MillraceError if it ends before it answers */
  static async start(options: EmulatorOptions): Promise<Emulator> {
    const {
      python,
      node = process.execPath,
      home,
      ca,
      database,
      retryPace = 1,
      refuse = {},
      permissions,
      onLine,
    } = options;
    const port = await freePort();
    const args = ["--port", String(port), "--home", home, "--node", node];
    args.push("--runtime-modules", join(root, "node_modules"), "--retry-pace", String(retryPace));
    if (ca !== undefined) args.push("--ca", ca);
    if (database !== undefined) args.push("--database", `${database.host}:${database.port}`);
    for (const [name, value] of Object.entries(refuse)) args.push("--refuse", `${name}=${value}`);
    if (permissions !== undefined) args.push("--enforce", permissions.simulator);
    if (permissions?.decisions !== undefined) args.push("--decisions", permissions.decisions);
    if (permissions?.webIdentityKey !== undefined) args.push("--web-identity-key", permissions.webIdentityKey);
    const child = spawn(python, [join(__dirname, "../../emulator"), ...args], {
      // It ends when this pipe does, however this process ends.
      stdio: ["pipe", "pipe", "pipe"],
      // Ctrl-C in a terminal reaches the whole group; the emulator is ended later, after its users.
      detached: true,
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1", AWS_CA_BUNDLE: undefined },
    });
    const said: string[] = [];
    createInterface({ input: child.stderr }).on("line", (line) => {
      said.push(line);
      onLine?.(line);
    });
    const ready = once(createInterface({ input: child.stdout }), "line");
    const ended = once(child, "exit").then(([code]) => {
      throw new MillraceError(`The emulator ended with exit code ${code}`, { got: said.slice(-20).join("\n") });
    });
    await Promise.race([ready, ended]);
    ended.catch(() => undefined);
    return new Emulator(`http://127.0.0.1:${port}`, child);
  }

  /** Ends the emulator and every function process of it. */
  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, "exit");
    this.#process.stdin?.end();
    await ended;
  }
}
