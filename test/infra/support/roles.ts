import { type Overrides, override } from "../../../config/overrides";
import { prod } from "../../../config/prod";
import { combinations, everyPipeline } from "./combinations";
import { Deployment } from "./deployment";
import { type IamRequest, isAllowed } from "./iam";
import { pagesWeb, quicksight } from "./pages-web";
import type { PolicyStatement } from "./policies";
import { callTable } from "./provider/call-table";
import type { Call, ResourceCalls } from "./provider/resource-calls";
import { type StackName, someBackend, synthesize } from "./synthesize";
import type { Template } from "./template";

const secretArn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:slack-AbCdEf";
const watched = {
  notifications: { emails: ["data-team@example.com"], webhooks: [{ name: "team", kind: "slack", secretArn }] },
  budget: { monthlyUsd: 100 },
  pages: { web: pagesWeb, quicksight },
};

export const ROLE_KINDS = ["plan", "deploy", "destroy"] as const;
export type RoleKind = (typeof ROLE_KINDS)[number];

/** The part of a resource's life that a call belongs to. */
export type Part = "make" | "settle" | "read" | "update" | "remove";

/** One request, and what it is made for. */
export interface LifeCall extends IamRequest {
  readonly part: Part;
  readonly address: string;
}

/** The stacks of one combination of network and database, deployed, with what the bootstrap grants to deploy them. */
export class DeployedRoles {
  readonly stacks: Readonly<Record<StackName, Template>>;
  readonly deployment: Deployment;

  /** @param more laid over the combination */
  constructor(name: string, more: Overrides = {}) {
    const combination = combinations.find((candidate) => candidate.name === name);
    if (combination === undefined) throw new Error(`no combination is named ${name}`);
    const all = override({ ...combination.overrides, ...everyPipeline, ...watched }, more);
    this.stacks = synthesize({ environment: prod, overrides: all, backend: someBackend });
    this.deployment = new Deployment(Object.values(this.stacks));
  }

  /** What one role is granted. */
  statementsOf(role: RoleKind): readonly PolicyStatement[] {
    return this.statements(new RegExp(`^data\\.aws_iam_policy_document\\.delivery_${role}_`));
  }

  /** The most that roles of the stacks can do. */
  get boundary(): readonly PolicyStatement[] {
    return this.statements(/^data\.aws_iam_policy_document\.delivery_boundary_/);
  }

  /** The calls of the stacks' whole life. @throws where a type of resource is not in the table */
  lifeCalls(): readonly LifeCall[] {
    return (["network", "etl"] as const).flatMap((stack) => {
      const template = this.stacks[stack];
      return [...template.resources(), ...template.dataSources()].flatMap((block) => {
        const type = block.address.startsWith("data.") ? `data.${block.type}` : block.type;
        const row = callTable[type];
        if (row === undefined) throw new Error(`${type} is not in test/infra/support/provider: what does it call?`);
        return PARTS.flatMap((part) =>
          (row[part] ?? []).flatMap((call) => this.#requests(stack, block, row, part, call)),
        );
      });
    });
  }

  /** Calls on every deployed resource of a type. */
  callsOn(type: string, calls: readonly Call[]): readonly LifeCall[] {
    const row = callTable[type];
    if (row === undefined) throw new Error(`${type} is not in test/infra/support/provider`);
    return (["network", "etl"] as const).flatMap((stack) =>
      this.stacks[stack]
        .resources(type)
        .flatMap((block) => calls.flatMap((call) => this.#requests(stack, block, row, "read", call))),
    );
  }

  /** Calls on the bucket of the states. */
  callsOnState(calls: readonly Call[]): readonly LifeCall[] {
    const row = callTable.aws_s3_bucket;
    const [block] = this.stacks["state-backend"].named("aws_s3_bucket", "state_states_bucket");
    if (row === undefined || block === undefined) throw new Error("the state backend has no bucket for states");
    return calls.flatMap((call) => this.#requests("state-backend", block, row, "read", call));
  }

  statements(place: RegExp): readonly PolicyStatement[] {
    return this.stacks["state-backend"]
      .policies()
      .filter((policy) => place.test(policy.place))
      .flatMap(({ statements }) => statements.map((statement) => this.resolve(statement)));
  }

  /** A statement with its references followed. */
  resolve({ resources, conditions, ...statement }: PolicyStatement): PolicyStatement {
    const text = (value: string) => this.deployment.resolve(value).text;
    return {
      ...statement,
      resources: resources.map(text),
      conditions: Object.fromEntries(
        Object.entries(conditions).map(([operator, keys]) => [
          operator,
          Object.fromEntries(Object.entries(keys).map(([key, values]) => [key, values.map(text)])),
        ]),
      ),
    };
  }

  #requests(
    stack: string,
    block: Parameters<Deployment["expand"]>[1],
    row: ResourceCalls,
    part: Part,
    call: Call,
  ): readonly LifeCall[] {
    const { action, on = row.arn, ours, context = {} } = typeof call === "string" ? { action: call } : call;
    const own = on === row.arn && part !== "make";
    const keys = Object.entries(context).map(([key, value]) => [key, this.deployment.expand(value, block)] as const);
    if (keys.some(([, values]) => values.length === 0)) return [];
    return this.deployment.expand(on, block).map((target) => ({
      action,
      part,
      address: block.address,
      resource: target.text,
      context: {
        ...(part === "make" && tags("RequestTag", stack)),
        ...((own || target.ours || ours === true) && tags("ResourceTag", stack)),
        ...Object.fromEntries(keys.map(([key, values]) => [key, values[0]?.text ?? ""])),
      },
    }));
  }
}

const PARTS: readonly Part[] = ["make", "settle", "read", "update", "remove"];

/** The tags that each of our resources has, for a request or a resource. */
export function tags(of: "RequestTag" | "ResourceTag", stack: string): Readonly<Record<string, string>> {
  const all = { Project: "millrace", Environment: "prod", Stack: stack };
  return Object.fromEntries(Object.entries(all).map(([tag, value]) => [`aws:${of}/${tag}`, value]));
}

/** What of the calls a role is refused, each said once. */
export function refused(statements: readonly PolicyStatement[], calls: readonly LifeCall[]): readonly string[] {
  const lines = calls
    .filter((call) => !isAllowed(statements, call))
    .map(
      ({ action, resource, part, address }) => `${part} ${address.replace(/\.[^.]*$/, "")}: ${action} on ${resource}`,
    );
  return [...new Set(lines)];
}
