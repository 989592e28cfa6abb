import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { unzipSync } from "fflate";
import { buildHandlers } from "../../../../scripts/deliver/build/handlers";
import { buildLayer } from "../../../../scripts/deliver/build/layer";

const projectRoot = join(__dirname, "../../../..");

/** Calls the handler as Lambda's runtime does, then writes what came of it as the last line of standard output. */
const INVOKE = `
  const done = (outcome) => console.log(JSON.stringify(outcome));
  let end;
  const context = { awsRequestId: "request-1", functionName: "test", memoryLimitInMB: "256",
    getRemainingTimeInMillis: () => end - Date.now() };
  const invoke = async () => {
    const { handler } = require(process.argv[1]);
    end = Date.now() + Number(process.argv[3]);
    return handler(JSON.parse(process.argv[2]), context);
  };
  invoke().then(
    (result) => done({ result }),
    ({ name, message }) => done({ errorType: name, errorMessage: message }),
  );
`;

export interface InvocationOutcome {
  readonly result?: unknown;
  /** What a state machine's Retry sees. */
  readonly errorType?: string;
  readonly errorMessage?: string;
  /** What the function wrote as JSON, errors first. */
  readonly log: readonly Readonly<Record<string, unknown>>[];
}

/**
 * Built code as Lambda has it: the layer unpacked, the function's folder, the runtime's AWS SDK, and nothing else that
 * `require` could find.
 */
export class LambdaRuntime {
  private constructor(
    readonly folder: string,
    readonly node: string,
  ) {}

  /** @param node what functions run in (default: the Node of the tests) */
  static async prepare(node = process.execPath): Promise<LambdaRuntime> {
    const folder = await mkdtemp(join(tmpdir(), "millrace-lambda-"));
    const layer = await buildLayer(projectRoot, folder);
    await unpack(layer.path, join(folder, "opt"));
    await buildHandlers(projectRoot, folder);
    await mkdir(join(folder, "var/runtime/node_modules"), { recursive: true });
    await symlink(join(projectRoot, "node_modules/@aws-sdk"), join(folder, "var/runtime/node_modules/@aws-sdk"));
    return new LambdaRuntime(folder, node);
  }

  /** Runs a Node program that sees what a function sees. */
  run(program: string, args: readonly string[], variables: Readonly<Record<string, string>>) {
    const { PATH = "" } = process.env;
    const modules = ["opt/nodejs/node_modules", "var/runtime/node_modules"].map((path) => join(this.folder, path));
    const env = { PATH, NODE_PATH: modules.join(delimiter), ...variables };
    return promisify(execFile)(this.node, ["-e", program, ...args], { env, cwd: this.folder });
  }

  /**
   * @param handler `<pipeline>/<step>`
   * @param timeoutMs the function's time-out, which it is told of
   */
  async invoke(
    handler: string,
    event: unknown,
    variables: Readonly<Record<string, string>>,
    timeoutMs = 30_000,
  ): Promise<InvocationOutcome> {
    const index = join(this.folder, "handlers", handler, "index.js");
    const { stdout, stderr } = await this.run(INVOKE, [index, JSON.stringify(event), String(timeoutMs)], variables);
    const lines = `${stderr}\n${stdout}`.split("\n").filter((line) => line.startsWith("{"));
    const entries = lines.map((line) => JSON.parse(line));
    return { ...entries.at(-1), log: entries.slice(0, -1) };
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

async function unpack(zip: string, folder: string): Promise<void> {
  for (const [path, bytes] of Object.entries(unzipSync(await readFile(zip)))) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
}
