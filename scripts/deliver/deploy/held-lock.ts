import { relative } from "node:path";
import type { Terraform } from "../terraform/terraform";

/** An id that no lock has: Terraform refuses it, and names the existing one. */
const NO_ID = "none";

/** The id of the lock on a stack's state; undefined if it is free. Changes nothing. */
export async function heldLock(terraform: Terraform): Promise<string | undefined> {
  const { output } = await terraform.run(["force-unlock", "-force", NO_ID], [0, 1]);
  return lockIn(output);
}

/** The id in Terraform's message about a lock ("Lock Info"). */
export function lockIn(output: string): string | undefined {
  return /Lock Info:[\s\S]*?\bID:\s+(\S+)/.exec(output)?.[1];
}

/**
 * A note on the locks of stacks whose deployment was interrupted.
 *
 * @param stacks those that were connected to their states by then
 */
export async function describeLocks(stacks: ReadonlyMap<string, Terraform>): Promise<string> {
  if (stacks.size === 0) return "Nothing was changed";
  const lines: string[] = [];
  for (const [stack, terraform] of stacks) {
    const id = await heldLock(terraform);
    if (id === undefined) continue;
    const folder = relative(process.cwd(), terraform.folder);
    lines.push(
      `${stack} is still locked, by ${id}. When nothing is working on it any more: terraform -chdir=${folder} force-unlock ${id}`,
    );
  }
  return lines.length === 0 ? `No lock is left on ${[...stacks.keys()].join(" or ")}` : lines.join("\n");
}
