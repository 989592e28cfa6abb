import { join } from "node:path";
import { loadConfig } from "../../../../config/load";
import { connectToState } from "../../terraform/foreign-state";
import { type Synthesis, synthesize } from "../../terraform/synth";
import type { TerraformSettings } from "../../terraform/synthesize-stack";
import { Terraform } from "../../terraform/terraform";

/** The stacks that workflows deploy, in order of dependency; without the state backend. */
export const DEPLOYED_STACKS = ["network", "etl"] as const;

export type DeployedStack = (typeof DEPLOYED_STACKS)[number];

/**
 * Connects the deployed stacks to their states.
 *
 * @param synthesis default all stacks are synthesised first
 */
export async function connectStacks(
  settings: TerraformSettings,
  synthesis?: Synthesis,
): Promise<ReadonlyMap<string, Terraform>> {
  const config = loadConfig(settings.env);
  const { folder } = synthesis ?? (await synthesize(settings.env, settings.outdir));
  const stacks = new Map<string, Terraform>();
  for (const stack of DEPLOYED_STACKS) {
    const terraform = new Terraform(join(folder, stack), settings);
    await connectToState(terraform, config);
    stacks.set(stack, terraform);
  }
  return stacks;
}
