import * as z from "zod";
import type { Cloud } from "../../../../scripts/cloud/cloud";
import { type ArchiveFile, zipFiles } from "../../../../scripts/deliver/build/zip";
import { callCloud } from "../call-cloud";

const created = z.object({ FunctionArn: z.string() });
const layerVersion = z.object({ LayerVersionArn: z.string() });

const ROLE = "any";
/** What the role of these functions may do: write logs, lie in a VPC, poll a queue. */
const GRANTED = ["logs:*", "ec2:*NetworkInterface*", "ec2:*PrivateIpAddresses", "ec2:DescribeSubnets", "sqs:*"];

export interface FunctionSettings {
  readonly timeout?: number;
  readonly memory?: number;
  readonly layers?: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
  /** Whether it lies in a VPC: in this subnet, or in one that nobody looks for. */
  readonly vpc?: boolean | string;
  /** ARN. @default one that may do what this project's functions do */
  readonly role?: string;
}

/** An answer of Lambda's Invoke. */
export interface Invocation {
  readonly status: number;
  /** Of `x-amz-function-error`. */
  readonly error: string | null;
  readonly payload: unknown;
}

/** Lambda's own API, as far as these tests call it. */
export class EmulatedLambda {
  readonly #cloud: Cloud;
  #role: Promise<void> | undefined;

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
  }

  /** Makes a function of one file, `index.mjs`, whose handler is `handler`; gives its ARN. */
  async create(name: string, code: string, settings: FunctionSettings = {}): Promise<string> {
    const response = await this.tryCreate(name, code, settings);
    return created.parse(await response.json()).FunctionArn;
  }

  /** Lambda's answer, whatever it is. */
  async tryCreate(name: string, code: string, settings: FunctionSettings = {}): Promise<Response> {
    const { timeout = 3, memory = 256, layers = [], variables = {}, vpc = false, role } = settings;
    if (role === undefined) this.#role ??= this.#createRole();
    await this.#role;
    return this.#call("lambda", "/2015-03-31/functions", {
      FunctionName: name,
      Role: role ?? `arn:aws:iam::123456789012:role/${ROLE}`,
      Runtime: "nodejs22.x",
      Handler: "index.handler",
      Code: { ZipFile: zip([["index.mjs", Buffer.from(code)]]) },
      Timeout: timeout,
      MemorySize: memory,
      Layers: layers,
      Environment: { Variables: variables },
      ...(vpc && { VpcConfig: { SubnetIds: [vpc === true ? "subnet-1" : vpc], SecurityGroupIds: ["sg-1"] } }),
    });
  }

  async update(name: string, code: string): Promise<void> {
    const body = { ZipFile: zip([["index.mjs", Buffer.from(code)]]) };
    await this.#call("lambda", `/2015-03-31/functions/${name}/code`, body, "PUT");
  }

  /** @returns the version's ARN */
  async publishLayer(name: string, archive: Uint8Array): Promise<string> {
    const Content = { ZipFile: Buffer.from(archive).toString("base64") };
    const response = await this.#call("lambda", `/2018-10-31/layers/${name}/versions`, { Content });
    return layerVersion.parse(await response.json()).LayerVersionArn;
  }

  async reserve(name: string, concurrency: number): Promise<void> {
    const body = { ReservedConcurrentExecutions: concurrency };
    await this.#call("lambda", `/2017-10-31/functions/${name}/concurrency`, body, "PUT");
  }

  async pollQueue(name: string, queueArn: string): Promise<void> {
    const FunctionResponseTypes = ["ReportBatchItemFailures"];
    const body = { FunctionName: name, EventSourceArn: queueArn, BatchSize: 10, FunctionResponseTypes };
    await this.#call("lambda", "/2015-03-31/event-source-mappings/", body);
  }

  async invoke(name: string, event: object = {}): Promise<Invocation> {
    const response = await this.#call("lambda", `/2015-03-31/functions/${name}/invocations`, event);
    const error = response.headers.get("x-amz-function-error");
    return { status: response.status, error, payload: await response.json() };
  }

  async #createRole(): Promise<void> {
    const iam = (Action: string, more: Record<string, string>) =>
      this.#call("iam", "/", new URLSearchParams({ Action, RoleName: ROLE, Version: "2010-05-08", ...more }));
    const principal = { Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" };
    await iam("CreateRole", { AssumeRolePolicyDocument: allow(principal) });
    await iam("PutRolePolicy", { PolicyName: "any", PolicyDocument: allow({ Action: GRANTED, Resource: "*" }) });
  }

  async #call(service: string, path: string, body: object, method = "POST"): Promise<Response> {
    return callCloud(this.#cloud, { service, path, body, method });
  }
}

function allow(statement: object): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] });
}

/** In base64. */
export function zip(files: readonly ArchiveFile[]): string {
  return Buffer.from(zipFiles(files)).toString("base64");
}
