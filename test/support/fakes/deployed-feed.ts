import { createHash, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import type { StatementResult } from "../../../etl/core/database/statement";

const ACCOUNT = "111122223333";
const MACHINES = `arn:aws:states:eu-central-1:${ACCOUNT}:stateMachine`;

interface Version {
  readonly id: string;
  readonly etag: string;
  readonly body: Buffer;
}

interface Execution {
  readonly name: string;
  readonly input: string;
  status: string;
  output?: string;
  cause?: string;
}

/** What a deployed feed does. */
export interface FeedBehind {
  /** The function `sql`. */
  readonly read: (statement: string) => Promise<StatementResult>;
  /** A run with this input. @returns its output, JSON @throws where it fails */
  readonly run: (input: Readonly<Record<string, unknown>>) => Promise<unknown>;
}

/** So much of S3 (with versions), Step Functions, Lambda and STS, on the loopback, as commands ask of a deployed feed, or of `covid`. */
export class DeployedFeed {
  readonly bucket = `millrace-dev-incoming-${ACCOUNT}`;
  /** The newest first. */
  readonly executions: Execution[] = [];
  /** Whether runs are started, and never end. */
  isEndless = false;
  readonly #objects = new Map<string, Version[]>();
  readonly #asked = new Set<string>();
  readonly #behind: FeedBehind;
  readonly #machine: string;
  readonly #server = createServer((request, response) => {
    this.#answer(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });

  private constructor(behind: FeedBehind, name: string) {
    this.#behind = behind;
    this.#machine = `millrace-dev-${name}`;
  }

  static async start(behind: FeedBehind, name = "sales"): Promise<DeployedFeed> {
    const deployed = new DeployedFeed(behind, name);
    await new Promise<void>((resolve) => deployed.#server.listen(0, "127.0.0.1", resolve));
    return deployed;
  }

  /** Of a command that asks it. */
  get environment(): Readonly<Record<string, string>> {
    return {
      ...{ ENVIRONMENT: "dev", AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" },
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`,
    };
  }

  put(key: string, text: string): void {
    const body = Buffer.from(text);
    const version = { id: randomUUID(), etag: createHash("md5").update(body).digest("hex"), body };
    this.#objects.set(key, [version, ...(this.#objects.get(key) ?? [])]);
  }

  /** Whether Step Functions was asked this since the last question. */
  isAskedOf(action: string): boolean {
    return this.#asked.delete(action);
  }

  forget(key: string): void {
    this.#objects.delete(key);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://127.0.0.1");
    const sent = (await buffer(request)).toString();
    const [, action] = /^AWSStepFunctions\.(.+)$/.exec(String(request.headers["x-amz-target"] ?? "")) ?? [];
    if (action !== undefined) {
      response.writeHead(200, { "content-type": "application/x-amz-json-1.0" });
      response.end(JSON.stringify(await this.#states(action, JSON.parse(sent))));
    } else if (pathname.endsWith("/invocations")) {
      response.end(JSON.stringify(await this.#behind.read(JSON.parse(sent).statement)));
    } else if (sent.includes("GetCallerIdentity")) {
      const who = `<Arn>arn:aws:iam::${ACCOUNT}:user/ann</Arn><Account>${ACCOUNT}</Account>`;
      response.end(
        `<GetCallerIdentityResponse><GetCallerIdentityResult>${who}</GetCallerIdentityResult></GetCallerIdentityResponse>`,
      );
    } else if (request.method === "PUT") {
      this.put(decodeURIComponent(pathname).replace(`/${this.bucket}/`, ""), sent);
      response.writeHead(200).end();
    } else if (searchParams.has("versions") || searchParams.has("list-type")) {
      response.end(this.#list(searchParams.get("prefix") ?? "", searchParams.has("versions")));
    } else this.#get(decodeURIComponent(pathname).replace(`/${this.bucket}/`, ""), searchParams, request, response);
  }

  async #states(action: string, input: Readonly<Record<string, string>>): Promise<unknown> {
    this.#asked.add(action);
    const arnOf = (name: string) => `${MACHINES.replace("stateMachine", "execution")}:${this.#machine}:${name}`;
    if (action === "ListStateMachines")
      return { stateMachines: [{ stateMachineArn: `${MACHINES}:${this.#machine}`, name: this.#machine }] };
    if (action === "ListExecutions")
      return {
        executions: this.executions.map(({ name, status }) => ({
          executionArn: arnOf(name),
          name,
          status,
          startDate: 0,
        })),
      };
    if (action === "GetExecutionHistory") return { events: [] };
    if (action === "StartExecution") {
      const execution: Execution = { name: randomUUID(), input: input.input ?? "{}", status: "RUNNING" };
      this.executions.unshift(execution);
      const running = this.isEndless ? undefined : this.#behind.run(JSON.parse(execution.input));
      await running?.then(
        (output) => Object.assign(execution, { status: "SUCCEEDED", output: JSON.stringify(output) }),
        (error: Error) => Object.assign(execution, { status: "FAILED", cause: error.message }),
      );
      return { executionArn: arnOf(execution.name), startDate: 0 };
    }
    const found = this.executions.find(({ name }) => input.executionArn?.endsWith(name));
    return { ...found, executionArn: input.executionArn };
  }

  #list(prefix: string, withVersions: boolean): string {
    const keys = [...this.#objects.keys()].filter((key) => key.startsWith(prefix)).sort();
    const entries = keys.flatMap((key) => {
      const [newest, ...others] = this.#objects.get(key) ?? [];
      const shown = [...(newest === undefined ? [] : [newest]), ...(withVersions ? others : [])];
      return shown.map(({ id, etag, body }) => {
        const facts = `<Key>${key}</Key><ETag>"${etag}"</ETag><Size>${body.length}</Size><LastModified>2026-03-01T00:00:00Z</LastModified>`;
        return withVersions
          ? `<Version>${facts}<VersionId>${id}</VersionId></Version>`
          : `<Contents>${facts}</Contents>`;
      });
    });
    const root = withVersions ? "ListVersionsResult" : "ListBucketResult";
    return `<${root}><IsTruncated>false</IsTruncated>${entries.join("")}</${root}>`;
  }

  #get(key: string, asked: URLSearchParams, { headers }: IncomingMessage, response: ServerResponse): void {
    const versions = this.#objects.get(key) ?? [];
    const wanted = asked.get("versionId");
    const found = wanted === null ? versions[0] : versions.find(({ id }) => id === wanted);
    const refuse = (status: number, code: string) =>
      response.writeHead(status).end(`<Error><Code>${code}</Code></Error>`);
    if (found === undefined) refuse(404, "NoSuchKey");
    else if (headers["if-match"] !== undefined && headers["if-match"] !== `"${found.etag}"`)
      refuse(412, "PreconditionFailed");
    else {
      const [, first = "0", last = `${found.body.length}`] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? "") ?? [];
      const part = found.body.subarray(Number(first), Number(last) + 1);
      response.writeHead(206, { "content-length": part.length, etag: `"${found.etag}"` }).end(part);
    }
  }
}
