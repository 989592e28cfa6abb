import { App, TerraformStack, Testing } from "cdktf";
import type { Construct } from "constructs";
import type { StateBackend } from "../../../config/backend";
import { dev } from "../../../config/dev";
import { overrideConfig } from "../../../config/load";
import { type Overrides, override } from "../../../config/overrides";
import type { ConfigInput } from "../../../config/schema";
import { addStacks } from "../../../stacks/app";
import { Template } from "./template";

export type StackName = "state-backend" | "network" | "etl";

export interface SynthesizeOptions {
  /** What is laid over the environment. @default nothing */
  readonly overrides?: Overrides;
  /** @default dev */
  readonly environment?: ConfigInput;
  /** @default none: as before the bootstrap */
  readonly backend?: StateBackend;
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
  const { overrides = {}, environment = dev, backend } = options;
  const app = new App();
  addStacks(app, overrideConfig(environment, overrides), backend);
  const stacks = app.node.children.filter((child): child is TerraformStack => child instanceof TerraformStack);
  for (const stack of stacks) stack.prepareStack();
  const templates = stacks.map((stack) => [stack.node.id, new Template(Testing.synth(stack))]);
  return Object.fromEntries(templates) as Record<StackName, Template>;
}

/** The pipelines that the project itself has. */
const SHIPPED = ["covid", "orders", "metadata", "import"];

/** As {@link synthesize}, without the pipelines that a team has added: for tests that count what is there. */
export function synthesizeShipped(options: SynthesizeOptions = {}): Readonly<Record<StackName, Template>> {
  const added = Object.keys(overrideConfig(dev, {}).pipelines).filter((name) => !SHIPPED.includes(name));
  const without = { pipelines: Object.fromEntries(added.map((name) => [name, { enabled: false }])) };
  return synthesize({ ...options, overrides: override(without, options.overrides ?? {}) });
}

/** Synthesizes constructs in a stack of their own. */
export function synthesizeConstruct(build: (scope: Construct) => void): Template {
  const stack = new TerraformStack(new App(), "test");
  build(stack);
  stack.prepareStack();
  return new Template(Testing.synth(stack));
}
