import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { RDSClient } from "@aws-sdk/client-rds";
import { SQSClient } from "@aws-sdk/client-sqs";
import * as z from "zod";
import type { Config } from "../../../../config/schema";
import { parsePlan } from "../../plan-review/plan";
import { type Synthesis, synthesize } from "../../terraform/synth";
import type { TerraformSettings } from "../../terraform/synthesize-stack";
import { Terraform } from "../../terraform/terraform";
import { countMessages, findEmptyQueues } from "../smoke/empty-queues";
import { connectStacks } from "./deployed-stacks";
import { findPending, pendingValues } from "./pending-changes";
import { waitsFor } from "./upstream-outputs";

export interface PlanOptions {
  /** Folder for `<stack>.json`. They contain secrets, and must stay on this machine. */
  readonly out: string;
  /** The stacks to plan. @default all deployed ones */
  readonly only?: readonly string[];
  /** Plans the destruction of the deployed stacks, the last one first. @default false */
  readonly destroy?: boolean;
  readonly say: (text: string) => void;
}

/** Plans the deployed stacks without holding a lock, so that no deployment has to wait for a review. */
export class StackPlanner {
  readonly #settings: TerraformSettings;
  /** Each connected to its state. */
  readonly stacks: ReadonlyMap<string, Terraform>;
  readonly synthesis: Synthesis;

  readonly #sqs: SQSClient;
  readonly #rds: RDSClient;

  private constructor(
    settings: TerraformSettings,
    { aws: { region, endpoint } }: Pick<Config, "aws">,
    stacks: ReadonlyMap<string, Terraform>,
    synthesis: Synthesis,
  ) {
    this.#settings = settings;
    this.#sqs = new SQSClient({ region, endpoint });
    this.#rds = new RDSClient({ region, endpoint });
    this.stacks = stacks;
    this.synthesis = synthesis;
  }

  /** Synthesises the stacks and connects each to its state. */
  static async prepare(settings: TerraformSettings, config: Pick<Config, "aws">): Promise<StackPlanner> {
    const synthesis = await synthesize(settings.env, settings.outdir);
    return new StackPlanner(settings, config, await connectStacks(settings, synthesis), synthesis);
  }

  /** @returns the written files, in the order of the stacks' changes */
  async plan({ out, destroy = false, only, say }: PlanOptions): Promise<readonly string[]> {
    mkdirSync(out, { recursive: true });
    const files: string[] = [];
    for (const [stack, terraform] of destroy ? [...this.stacks].reverse() : this.stacks) {
      if (only !== undefined && !only.includes(stack)) continue;
      const result = destroy ? await this.#planDestruction(terraform) : await this.#planDeployment(terraform);
      if (result === undefined) {
        say(`${stack} has no resources`);
        continue;
      }
      const file = join(out, `${stack}.json`);
      writeFileSync(file, JSON.stringify(result));
      files.push(file);
      say(`planned ${stack}`);
    }
    return files;
  }

  async #planDeployment(terraform: Terraform): Promise<unknown> {
    const waiting = await waitsFor(terraform.folder, async (stack) => (await this.stacks.get(stack)?.outputs()) ?? {});
    return waiting ?? this.#run(terraform);
  }

  async #planDestruction(terraform: Terraform): Promise<unknown> {
    const resources = (await terraform.state())?.resources.length ?? 0;
    return resources === 0 ? undefined : this.#run(terraform, "-destroy");
  }

  async #run(terraform: Terraform, ...args: readonly string[]): Promise<unknown> {
    const file = "reviewed.tfplan";
    // Terraform's own output of a plan is less careful with secrets than the review.
    const quiet = new Terraform(terraform.folder, { ...this.#settings, onLine: undefined });
    try {
      await quiet.plan(file, "-lock=false", ...args);
      const plan = z.record(z.string(), z.unknown()).parse(await quiet.show(file));
      const count = (url: string) => countMessages(this.#sqs, url);
      const parsed = parsePlan(plan, terraform.folder);
      return {
        ...plan,
        empty_queues: await findEmptyQueues(parsed, count),
        pending_changes: await findPending(parsed, (identifier) => pendingValues(this.#rds, identifier)),
      };
    } finally {
      rmSync(join(terraform.folder, file), { force: true });
    }
  }
}
