import { counted } from "../../../../etl/core/counted";
import { describeCost } from "../../cost/describe-cost";
import { costOfStacks, type StackReview } from "../review-stack";
import { oneLine } from "./escape-markdown";
import { countChanges } from "./render-review";
import { accessChanges, laterChanges, removals } from "./render-warnings";

/**
 * The review for a user at a terminal who must confirm: destroyed or replaced resources, stateful ones first; changed
 * permissions, but not those of new resources; numbers of changes; and costs.
 */
export function renderForTerminal(stacks: readonly StackReview[]): string {
  const known = stacks.map((stack) => ({ ...stack, changes: stack.changes.filter(({ kind }) => kind !== "create") }));
  const fresh = stacks
    .flatMap(({ changes }) => changes)
    .filter(({ kind, access }) => kind === "create" && access.length > 0);
  const lines = [
    ...removals(stacks),
    ...laterChanges(stacks),
    ...accessChanges(known),
    "",
    ...(fresh.length === 0
      ? []
      : [`Permissions and network rules of ${counted(fresh.length, "new resource")} are not shown here`]),
    ...stacks.map(describeStack),
    ...describeCost(costOfStacks(stacks), oneLine),
  ];
  return lines.map(withoutMarkdown).join("\n").trim();
}

function describeStack(stack: StackReview): string {
  const { waiting, outputs, unchanged } = stack;
  if (waiting !== undefined) return `${stack.stack}: planned once ${waiting.waits_for} is deployed`;
  const others = outputs.length === 0 ? "" : `, ${outputs.length} outputs`;
  return `${stack.stack}: ${countChanges([stack])}${others}, ${unchanged} unchanged`;
}

function withoutMarkdown(line: string): string {
  return line
    .replace(/^> ?/, "")
    .replace(/^\[!CAUTION\]$/, "CAUTION")
    .replace(/^#+ /, "")
    .replace(/^`{3,}.*$/, "")
    .replaceAll("**", "")
    .replaceAll("`", "");
}
