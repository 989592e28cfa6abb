import type { AttributeDifference } from "../differences/attribute-difference";
import { NETWORK_RULE_TYPES } from "../differences/network-rule";
import { policiesIn } from "../differences/policies-of";
import type { StackReview } from "../review-stack";
import type { ReviewedChange } from "../reviewed-change";
import { codeBlock, escapeMarkdown, inlineCode } from "./escape-markdown";

/** `replace` shows the attribute that forces it, `update` all that differ; others only their verb. */
export function changesTable(stacks: readonly StackReview[]): readonly string[] {
  const rows = stacks.flatMap(({ stack, changes }) =>
    [...changes].sort(byModule).map((change) => {
      const names = [stack, change.construct.module].map(escapeMarkdown);
      const cells = [...names, change.kind, inlineCode(change.address), what(change)];
      return `| ${cells.join(" | ")} |`;
    }),
  );
  if (rows.length === 0) return [];
  return ["", "| stack | module | change | resource | what |", "|---|---|---|---|---|", ...rows];
}

function byModule(a: ReviewedChange, b: ReviewedChange): number {
  return a.construct.module.localeCompare(b.construct.module, "en") || a.address.localeCompare(b.address, "en");
}

function what({ kind, differences, reasons }: ReviewedChange): string {
  if (kind !== "update") return reasons.map(inlineCode).join(", ");
  const names = differences.filter(({ computed }) => !computed).map(({ path }) => inlineCode(path));
  const computed = differences.length - names.length;
  return [...names, ...(computed === 0 ? [] : [`${computed} computed`])].join(", ");
}

/** The values of created, updated or replaced resources, attribute by attribute. */
export function valuesOf(stacks: readonly StackReview[]): readonly string[] {
  return stacks.flatMap(({ stack, changes }) =>
    changes.filter(({ differences }) => differences.length > 0).flatMap((change) => values(stack, change)),
  );
}

function values(stack: string, change: ReviewedChange): readonly string[] {
  const { address, differences } = change;
  const shown = differences.filter((difference) => !difference.computed && !isShownAbove(change, difference));
  const computed = differences.filter((difference) => difference.computed).map(({ path }) => path);
  const lines = [
    ...shown.flatMap(differenceLines),
    ...(computed.length === 0 ? [] : [`  # known after apply: ${computed.join(", ")}`]),
  ];
  return lines.length === 0 ? [] : ["", `${stack}: ${inlineCode(address)}`, "", ...codeBlock("diff", lines)];
}

/** Policies and network rules are shown statement by statement elsewhere, not as JSON. */
function isShownAbove({ type, access }: ReviewedChange, { path, before, after }: AttributeDifference): boolean {
  if (access.length === 0) return false;
  if (NETWORK_RULE_TYPES.has(type) && /^(in|e)gress$/.test(path)) return true;
  return policiesIn(before).size + policiesIn(after).size > 0;
}

export function differenceLines({ path, before, after }: AttributeDifference): readonly string[] {
  return [...valueLine("-", path, before), ...valueLine("+", path, after)];
}

function valueLine(sign: string, path: string, value: unknown): readonly string[] {
  return value === undefined || value === null ? [] : [`${sign} ${path} = ${JSON.stringify(value)}`];
}
