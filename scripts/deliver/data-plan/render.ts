import { counted } from "../../../etl/core/counted";
import { codeBlock, escapeMarkdown, inlineCode } from "../plan-review/render/escape-markdown";
import type { Comparison, TableComparison } from "./compare-pipeline";
import { isSameShape } from "./compare-pipeline";
import type { RowChange, Value } from "./compare-tables";
import type { SideRun } from "./run-side";

/** Run time and memory are named if they differ by more than this share, and by what no chance explains. */
const NOTABLE = { share: 0.25, seconds: 2, mebibytes: 50 };
const MOST_BY = 5;

/** Rows that are removed or changed, in percent of the base's. */
export function changedPercent({ table, messages }: Comparison): number {
  const rows = messages ?? table?.rows;
  if (rows === undefined) return table?.before !== undefined && table.after === undefined ? 100 : 0;
  return rows.before === 0 ? 0 : ((rows.removed + rows.changed) * 100) / rows.before;
}

export function isUnchanged(comparison: Comparison): boolean {
  const { table, messages, rejected, base, head } = comparison;
  const rows = messages ?? table?.rows;
  const sameRows = rows !== undefined && rows.removed + rows.added + rows.changed === 0;
  const sameShape =
    table === undefined ||
    (table.before !== undefined && table.after !== undefined && isSameShape(table.before, table.after));
  // Where both failed nothing was compared.
  const haveRun = base?.status === "succeeded" && head?.status === "succeeded";
  return haveRun && sameRows && sameShape && rejected.length === 0 && newWarnings(comparison).length === 0;
}

/** The data plan as Markdown. */
export function renderDataPlan(base: string, comparisons: readonly Comparison[], untouched: readonly string[]): string {
  const heading = "## Data plan";
  const rest = untouched.length === 0 ? "" : `\n\nNot touched by the change: ${untouched.join(", ")}.`;
  if (comparisons.every(isUnchanged)) {
    const read = comparisons.map(({ name }) => name).join(", ");
    return `${heading}\n\nNo change to the data${read === "" ? ": no pipeline is touched" : ` of ${read}`} (compared with ${base}).${rest}\n`;
  }
  return `${heading}\n\nThe same raw files, by the code of ${base} and by this one.\n\n${comparisons.map(renderOne).join("\n\n")}${rest}\n`;
}

function renderOne(comparison: Comparison): string {
  const { name, by, table, messages, rejected, base, head, upgrade } = comparison;
  const more = by.length > MOST_BY ? ` and ${by.length - MOST_BY} more` : "";
  const why = `Touched by ${by.slice(0, MOST_BY).map(inlineCode).join(", ")}${more}.`;
  if (isUnchanged(comparison)) return `### ${name}\n\nNo change to the data. ${why}${speed(base, head)}`;
  return [
    `### ${name}`,
    why,
    base === undefined ? "New: the base does not have it." : head === undefined ? "Removed: only the base has it." : "",
    failures(base, head),
    table === undefined ? "" : renderTable(table),
    messages === undefined ? "" : renderMessages(messages),
    upgrade === undefined ? "" : renderUpgrade(upgrade),
    rejected.length === 0
      ? ""
      : `Rejected rows:\n\n| reason | before | after |\n|---|---|---|\n${rejected.map((one) => `| ${escapeMarkdown(one.reason)} | ${one.before} | ${one.after} |`).join("\n")}`,
    newWarnings(comparison)
      .map((text) => `- ${text}`)
      .join("\n"),
    speed(base, head).trim(),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

function failures(base: SideRun | undefined, head: SideRun | undefined): string {
  const of = (side: string, run: SideRun | undefined) =>
    run?.status === "failed" ? [`**The run of ${side} failed:**\n\n${block(run.error)}`] : [];
  return [...of("the base", base), ...of("this version", head)].join("\n\n");
}

function renderTable(table: TableComparison): string {
  const { name, formerName, key, formerKey, rows, before, after } = table;
  const lines: string[] = [];
  if (formerName !== undefined)
    lines.push(
      `Table ${inlineCode(formerName)} is now ${inlineCode(name)}: the old one stays, and is not loaded any more.`,
    );
  if (key.join() !== formerKey.join())
    lines.push(`Key: ${formerKey.map(inlineCode).join(", ")} → ${key.map(inlineCode).join(", ")}.`);
  const shape = shapeChanges(table);
  if (shape.length > 0) lines.push(`Schema of ${inlineCode(name)}:\n\n${shape.map((line) => `- ${line}`).join("\n")}`);
  if (rows === undefined) {
    if (before === undefined && after !== undefined) lines.push(`Table ${inlineCode(name)} is new.`);
    return lines.join("\n\n");
  }
  const { removed, added, changed, columns, examples } = rows;
  lines.push(
    `${inlineCode(name)}: ${rows.before} → ${counted(rows.after, "row")}: **${removed} removed, ${added} added, ${changed} changed**${
      columns.size === 0
        ? ""
        : ` (${[...columns].map(([column, count]) => `${inlineCode(column)} in ${count}`).join(", ")})`
    }.`,
  );
  const shown = [...examples.changed, ...examples.removed, ...examples.added].map(renderChange);
  if (shown.length > 0) lines.push(`| key | before | after |\n|---|---|---|\n${shown.join("\n")}`);
  return lines.join("\n\n");
}

function shapeChanges({ before, after }: TableComparison): readonly string[] {
  if (before === undefined || after === undefined) return [];
  const names = [...new Set([...before.columns.keys(), ...after.columns.keys()])];
  const columns = names.flatMap((name) => {
    const [old, now] = [before.columns.get(name), after.columns.get(name)];
    if (old === now) return [];
    return old === undefined
      ? [`column ${inlineCode(name)} is added: ${inlineCode(now ?? "")}`]
      : now === undefined
        ? [`column ${inlineCode(name)} is removed: ${inlineCode(old)}`]
        : [`column ${inlineCode(name)}: ${inlineCode(old)} → ${inlineCode(now)}`];
  });
  const [gone, added] = [
    before.constraints.filter((one) => !after.constraints.includes(one)),
    after.constraints.filter((one) => !before.constraints.includes(one)),
  ];
  return [
    ...columns,
    ...gone.map((one) => `removed: ${inlineCode(one)}`),
    ...added.map((one) => `added: ${inlineCode(one)}`),
  ];
}

function renderChange({ key, before, after }: RowChange): string {
  const write = (values: Readonly<Record<string, Value>> = {}) =>
    Object.entries(values)
      .map(([name, value]) => `${name} = ${value ?? "NULL"}`)
      .join(", ");
  return `| ${escapeMarkdown(write(key))} | ${escapeMarkdown(write(before))} | ${escapeMarkdown(write(after))} |`;
}

function renderMessages({
  before,
  after,
  removed,
  added,
  changed,
  fields,
  examples,
}: NonNullable<Comparison["messages"]>): string {
  const where =
    fields.size === 0 ? "" : ` (${[...fields].map(([field, count]) => `${inlineCode(field)} in ${count}`).join(", ")})`;
  const rows = examples.map(
    (one) => `| ${escapeMarkdown(one.id)} | ${escapeMarkdown(one.before ?? "")} | ${escapeMarkdown(one.after ?? "")} |`,
  );
  const total = `Messages: ${before} → ${after}: **${removed} removed, ${added} added, ${changed} changed**${where}.`;
  return rows.length === 0 ? total : `${total}\n\n| customer | before | after |\n|---|---|---|\n${rows.join("\n")}`;
}

function renderUpgrade({ status, error, rows, isRewritten, seconds }: NonNullable<Comparison["upgrade"]>): string {
  if (status === "failed")
    return `**An existing table is not changed by this version**, whose run would fail on it:\n\n${block(error)}`;
  const how = isRewritten
    ? `PostgreSQL writes all ${counted(rows, "row")} anew, and locks out readers and writers meanwhile`
    : "PostgreSQL changes only its catalogue: the lock is short";
  return `An existing table with these ${counted(rows, "row")}: ${how}. The run took ${seconds.toFixed(1)} s here.`;
}

function newWarnings({ base, head }: Comparison): readonly string[] {
  const [old, now] = [base?.warnings ?? [], head?.warnings ?? []];
  return [
    ...now.filter((one) => !old.includes(one)).map((one) => `new warning: ${escapeMarkdown(one)}`),
    ...old.filter((one) => !now.includes(one)).map((one) => `no longer: ${escapeMarkdown(one)}`),
  ];
}

function speed(base: SideRun | undefined, head: SideRun | undefined): string {
  if (base === undefined || head === undefined) return "";
  const differs = (one: number, other: number, least: number) =>
    Math.abs(one - other) > least && Math.abs(one - other) > NOTABLE.share * one;
  return [
    differs(base.seconds, head.seconds, NOTABLE.seconds)
      ? ` Run time: ${base.seconds.toFixed(1)} → ${head.seconds.toFixed(1)} s.`
      : "",
    differs(base.mebibytes, head.mebibytes, NOTABLE.mebibytes)
      ? ` Peak memory: ${base.mebibytes.toFixed(0)} → ${head.mebibytes.toFixed(0)} MiB.`
      : "",
  ].join("");
}

function block(text = ""): string {
  return codeBlock("", text.split("\n")).join("\n");
}
