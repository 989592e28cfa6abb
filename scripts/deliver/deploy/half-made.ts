import { relative } from "node:path";
import * as z from "zod";
import { changeKind } from "../plan-review/change-kind";
import type { StackPlan } from "../plan-review/stack-plan";
import { isStateful } from "../plan-review/stateful";
import type { Terraform } from "../terraform/terraform";

const stateSchema = z.object({
  resources: z.array(
    z.object({
      mode: z.string(),
      type: z.string(),
      name: z.string(),
      instances: z.array(z.object({ status: z.string().optional() })).default([]),
    }),
  ),
});

/**
 * Stateful resources that a deployment was creating when it was interrupted. Terraform marks them as tainted: the next
 * deployment would replace them, and be refused for losing data.
 *
 * @param state what `terraform state pull` prints
 * @param plan of the deployment: resources that existed before are not among these
 */
export function halfMade(state: unknown, { plan }: StackPlan): readonly string[] {
  const made = plan?.resource_changes.filter((resource) => changeKind(resource) === "create") ?? [];
  const addresses = new Set(made.map(({ address }) => address));
  return taintedOf(state).filter((address) => addresses.has(address));
}

/** Keeps half-created resources, so that the next deployment completes them. @returns notes for the user */
export async function keepHalfMade(terraform: Terraform, plan: StackPlan): Promise<readonly string[]> {
  return keep(terraform, halfMade(await terraform.pullState(), plan));
}

/** {@link keepHalfMade} of a stack whose stateful resources must not be replaced, whatever the reason. */
export async function keepTainted(terraform: Terraform): Promise<readonly string[]> {
  return keep(terraform, taintedOf(await terraform.pullState()));
}

function taintedOf(state: unknown): readonly string[] {
  return (stateSchema.safeParse(state).data?.resources ?? [])
    .filter(({ mode, type }) => mode === "managed" && isStateful(type))
    .filter(({ instances }) => instances.some(({ status }) => status === "tainted"))
    .map(({ type, name }) => `${type}.${name}`);
}

async function keep(terraform: Terraform, addresses: readonly string[]): Promise<readonly string[]> {
  const said: string[] = [];
  for (const address of addresses) {
    const { code } = await terraform.run(["untaint", address], [0, 1]);
    const command = untaintCommand(terraform, address);
    said.push(
      code === 0
        ? `${address} was begun: it is kept, and will be completed`
        : `${address} was begun. To keep it: ${command}`,
    );
  }
  return said;
}

/**
 * The command that keeps a resource that Terraform would replace because an earlier deployment left it half-created.
 */
export function untaintCommand({ folder }: Pick<Terraform, "folder">, address: string): string {
  return `terraform -chdir=${relative(process.cwd(), folder)} untaint ${address}`;
}
