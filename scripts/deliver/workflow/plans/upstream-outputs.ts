import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Waiting } from "../../plan-review/stack-plan";

/** The states of other stacks that a synthesised stack reads: their names, and the outputs that it needs. */
export function neededOutputs(stackFolder: string): ReadonlyMap<string, ReadonlySet<string>> {
  const text = readFileSync(join(stackFolder, "cdk.tf.json"), "utf8");
  const needed = new Map<string, Set<string>>();
  // cdktf names the remote state after its stack.
  const reference = /data\.terraform_remote_state\.cross-stack-reference-input-([\w-]+)\.outputs\.([\w-]+)/g;
  for (const [, stack = "", output = ""] of text.matchAll(reference)) {
    needed.set(stack, (needed.get(stack) ?? new Set()).add(output));
  }
  return needed;
}

/**
 * Whether a stack must wait for another one that is not deployed, or lacks outputs that it needs: otherwise its plan
 * fails.
 *
 * @param outputsOf the current outputs of a stack
 */
export async function waitsFor(
  stackFolder: string,
  outputsOf: (stack: string) => Promise<Readonly<Record<string, unknown>>>,
): Promise<Waiting | undefined> {
  for (const [stack, needed] of neededOutputs(stackFolder)) {
    const outputs = await outputsOf(stack);
    const missing = [...needed].filter((output) => !Object.hasOwn(outputs, output));
    if (missing.length === 0) continue;
    return { waits_for: stack, missing_outputs: Object.keys(outputs).length === 0 ? [] : missing.sort() };
  }
  return undefined;
}
