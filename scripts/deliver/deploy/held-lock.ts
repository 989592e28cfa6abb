import { relative } from "node:path";
import type { Terraform } from "../terraform/terraform";

/** An id that no lock has: Terraform refuses it, and names the one that there is. */
const NO_ID = "none";

/** The id of the lock that a stack's state is under; undefined where it is free. Changes nothing. */
export async function heldLock(terraform: Terraform): Promise<string | undefined> {
  const { output } = await terraform.run(["force-unlock", "-force", NO_ID], [0, 1]);
  return lockIn(output);
}

/** The id in what Terraform says of a lock ("Lock Info"). */
export function lockIn(output: string): string | undefined {
  return /Lock Info:[\s\S]*?\bID:\s+(\S+)/.exec(output)?.[1];
}

/**
 * What became of the locks of stacks whose work was interrupted.
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
      `${stack} is still locked, by ${id}. When nothing works on it any more: terraform -chdir=${folder} force-unlock ${id}`,
    );
  }
  return lines.length === 0 ? `No lock is left on ${[...stacks.keys()].join(" or ")}` : lines.join("\n");
}
