import type { StackReview } from "../review-stack";
import { codeBlock, escapeMarkdown, inlineCode } from "./escape-markdown";
import { changesTable, differenceLines, valuesOf } from "./render-changes";
import { renderCost } from "./render-cost";
import { accessChanges, laterChanges, removals } from "./render-warnings";

/** The review of one environment's plans as Markdown, most important first. One line when nothing changes. */
export function renderReview(title: string, stacks: readonly StackReview[]): string {
  const planned = stacks.filter(({ waiting }) => waiting === undefined);
  const still = planned.every(({ changes, outputs }) => changes.length === 0 && outputs.length === 0);
  if (still && planned.length === stacks.length) return `**${escapeMarkdown(title)}**: no changes;${aside(stacks)}\n`;
  const lines = [
    `## ${escapeMarkdown(title)}`,
    ...waitingStacks(stacks),
    ...removals(stacks),
    ...laterChanges(stacks),
    ...renderCost(stacks),
    ...accessChanges(stacks),
    "",
    `### Changes: ${countChanges(stacks)}`,
    ...changesTable(stacks),
    ...details("Values", valuesOf(stacks)),
    ...details("Outputs", outputs(stacks)),
    ...details("Changed outside Terraform since the last apply", drift(stacks)),
    "",
    `The rest:${aside(stacks)}`,
    ...details("Known noise", noise(stacks)),
  ];
  return `${lines.join("\n")}\n`;
}

/** For example `1 create, 2 update`. */
export function countChanges(stacks: readonly StackReview[]): string {
  const kinds = stacks.flatMap(({ changes }) => changes.map(({ kind }) => kind));
  const counts = (["create", "update", "replace", "destroy", "forget"] as const)
    .map((kind) => ({ kind, count: kinds.filter((other) => other === kind).length }))
    .filter(({ count }) => count > 0);
  return counts.length === 0 ? "none" : counts.map(({ kind, count }) => `${count} ${kind}`).join(", ");
}

function waitingStacks(stacks: readonly StackReview[]): readonly string[] {
  return stacks.flatMap(({ stack, waiting }) => {
    if (waiting === undefined) return [];
    const { waits_for, missing_outputs } = waiting;
    const why =
      missing_outputs.length === 0
        ? `**${waits_for}** is not deployed yet`
        : `**${waits_for}** does not have these outputs yet: ${missing_outputs.map(inlineCode).join(", ")}`;
    return [
      "",
      "> [!NOTE]",
      `> **${stack}** is not planned: ${why}. It is planned and deployed after **${waits_for}**.`,
    ];
  });
}

function aside(stacks: readonly StackReview[]): string {
  const sum = (count: (stack: StackReview) => number) => stacks.reduce((total, stack) => total + count(stack), 0);
  const counts = [`${sum(({ unchanged }) => unchanged)} unchanged`];
  const noisy = sum(({ noise }) => noise.length);
  const reads = sum(({ reads }) => reads);
  if (noisy > 0) counts.push(`${noisy} known noise`);
  if (reads > 0) counts.push(`${reads} read during the apply`);
  return ` ${counts.join(", ")}`;
}

function outputs(stacks: readonly StackReview[]): readonly string[] {
  const lines = stacks.flatMap(({ stack, outputs }) =>
    outputs.flatMap(differenceLines).map((line) => line.replace(/^([-+]) /, `$1 ${stack}.`)),
  );
  return lines.length === 0 ? [] : ["", ...codeBlock("diff", lines)];
}

function drift(stacks: readonly StackReview[]): readonly string[] {
  const rows = stacks.flatMap(({ stack, drift }) =>
    drift.map(({ address, kind, differences }) => {
      const names = differences.map(({ path }) => inlineCode(path)).join(", ");
      return `- ${stack}: ${inlineCode(address)}${kind === "destroy" ? " is gone" : `: ${names}`}`;
    }),
  );
  return rows.length === 0 ? [] : ["", ...rows];
}

function noise(stacks: readonly StackReview[]): readonly string[] {
  const rows = stacks.flatMap(({ stack, noise }) =>
    noise.map(({ address, noise: reason = "" }) => `- ${stack}: ${inlineCode(address)}: ${escapeMarkdown(reason)}`),
  );
  return rows.length === 0 ? [] : ["", ...rows];
}

function details(summary: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ["", `<details><summary>${summary}</summary>`, ...lines, "", "</details>"];
}
