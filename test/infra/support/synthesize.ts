import { App, TerraformStack, Testing } from "cdktf";
import type { Construct } from "constructs";
import type { StateBackend } from "../../../config/backend";
import { dev } from "../../../config/dev";
import { overrideConfig } from "../../../config/load";
import { type Overrides, override } from "../../../config/overrides";
import type { ConfigInput } from "../../../config/schema";
import { addStacks } from "../../../stacks/app";
import { withoutTraces } from "../../../stacks/without-traces";
import { Template } from "./template";

export type StackName = "state-backend" | "network" | "etl";

export interface SynthesizeOptions {
  /** What is laid over the environment. @default nothing */
  readonly overrides?: Overrides;
  /** @default dev */
  readonly environment?: ConfigInput;
  /** @default none: as before the bootstrap */
  readonly backend?: StateBackend;
  /** @default false */
  readonly endpointInEnvironment?: boolean;
}

/** A backend as the bootstrap writes it. */
export const someBackend: StateBackend = {
  bucket: "bootstrap-millrace-dev-state-0a1b2c3d",
  lockTable: "bootstrap-millrace-dev-state",
  kmsKeyArn: "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
  region: "eu-central-1",
};

/**
 * Synthesizes the three stacks of one environment. All are prepared before the first is read: preparing a consumer
 * adds the outputs that it needs to its producer.
 */
export function synthesize(options: SynthesizeOptions = {}): Readonly<Record<StackName, Template>> {
  const { overrides = {}, environment = dev, backend, endpointInEnvironment } = options;
  const app = new App();
  const stacks = withoutTraces(() => {
    addStacks(app, overrideConfig(environment, overrides), backend, endpointInEnvironment);
    const added = app.node.children.filter((child): child is TerraformStack => child instanceof TerraformStack);
    for (const stack of added) stack.prepareStack();
    return new Map(added.map((stack) => [stack.node.id, stack]));
  });
  const templates = new Map<string, Template>();
  /** A stack is synthesized when it is read: most tests read one of the three. */
  const read = (name: StackName): Template => {
    const stack = stacks.get(name);
    if (stack === undefined) throw new Error(`there is no stack ${name}`);
    const template = templates.get(name) ?? new Template(withoutTraces(() => Testing.synth(stack)));
    templates.set(name, template);
    return template;
  };
  return {
    get "state-backend"() {
      return read("state-backend");
    },
    get network() {
      return read("network");
    },
    get etl() {
      return read("etl");
    },
  };
}

/** The pipelines that the project itself has. */
const SHIPPED = ["covid", "orders", "metadata"];

/** As {@link synthesize}, without the pipelines and feeds that a team has added: for tests that count what is there. */
export function synthesizeShipped(options: SynthesizeOptions = {}): Readonly<Record<StackName, Template>> {
  const { pipelines, feeds } = overrideConfig(dev, {});
  const off = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, { enabled: false }]));
  const added = Object.keys(pipelines).filter((name) => !SHIPPED.includes(name));
  const without = { pipelines: off(added), feeds: off(Object.keys(feeds)) };
  return synthesize({ ...options, overrides: override(without, options.overrides ?? {}) });
}

/** Synthesizes constructs in a stack of their own. */
export function synthesizeConstruct(build: (scope: Construct) => void): Template {
  return withoutTraces(() => {
    const stack = new TerraformStack(new App(), "test");
    build(stack);
    stack.prepareStack();
    return new Template(Testing.synth(stack));
  });
}
