import type { ScratchCopy } from "./copy";
import { runGate } from "./run-gate";
import type { Weakening } from "./weakening";

export interface Verdict {
  readonly name: string;
  readonly caught: boolean;
  /** If it was not refused: why, and the gate's output. */
  readonly reason: string;
}

/** Weakens a copy, and checks whether the gate refuses it for that reason. */
export async function judge(copy: ScratchCopy, weakening: Weakening): Promise<Verdict> {
  const { name, file, gate, says } = weakening;
  const result = await copy.weakened(weakening, () => runGate(copy.root, gate));
  const verdict = (reason: string): Verdict => ({ name, caught: reason === "", reason });
  if (result === undefined) return verdict(`stale: the text that it replaces is not exactly once in ${file}`);
  const by = "tests" in gate ? gate.tests.join(" ") : `npm run ${gate.script}`;
  if (result.code === 0) return verdict(`${by} lets it through`);
  return verdict(
    says.test(result.output) ? "" : `${by} fails, but its output does not match ${says}:\n${tail(result.output)}`,
  );
}

function tail(output: string): string {
  return output.trimEnd().split("\n").slice(-30).join("\n");
}
