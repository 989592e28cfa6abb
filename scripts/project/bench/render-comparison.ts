import type { Comparison, Contender } from "./bench-load";
import { median } from "./measurement";

const shown = ["millrace", "psycopg2", "limit"] as const;

const heading = [
  "table",
  "rows",
  "case",
  "millrace, rows/s",
  "with revisions",
  "psycopg2",
  "DuckDB",
  "ADBC",
  "limit",
  "× psycopg2 (goal)",
  "× limit (goal)",
  "MiB: millrace",
  "psycopg2",
  "psql",
];

/** A Markdown table of medians: rows per second, ratios against their goals, and the client's memory above idle. */
export function renderComparisons(comparisons: readonly Comparison[]): string {
  return renderTable(heading, comparisons.map(renderRow));
}

function renderRow({ shape, size, variant, measured }: Comparison): string[] {
  const of = (name: Contender, field: "seconds" | "peakKiB") =>
    median((measured.get(name) ?? []).map((measurement) => measurement[field]));
  const rate = (name: Contender) => Math.round(size / of(name, "seconds")).toLocaleString("en");
  const mebibytes = (name: Contender) => (of(name, "peakKiB") / 1024).toFixed(0);
  const goal = size >= 100_000 ? shape.goals[variant] : undefined;
  const ratio = (name: "psycopg2" | "limit") => {
    const value = of(name, "seconds") / of("millrace", "seconds");
    return goal === undefined
      ? value.toFixed(1)
      : `${value.toFixed(1)} (${goal[name]})${value < goal[name] ? " missed" : ""}`;
  };
  return [
    shape.title,
    size.toLocaleString("en"),
    variant,
    rate("millrace"),
    rate("millrace, revisions kept"),
    rate("psycopg2"),
    rate("DuckDB"),
    rate("ADBC"),
    rate("limit"),
    ratio("psycopg2"),
    ratio("limit"),
    mebibytes("millrace"),
    mebibytes("psycopg2"),
    mebibytes("limit"),
  ];
}

/** The writes of loads that change nothing: a table of WAL and dead rows. */
export function renderServerCosts(comparisons: readonly Comparison[]): string {
  const rows = comparisons
    .filter(({ costs }) => costs.size > 0)
    .map(({ shape, size, costs }) => {
      const cells = shown.map((name) => {
        const { walBytes, deadRows } = costs.get(name) ?? { walBytes: Number.NaN, deadRows: Number.NaN };
        return `${(walBytes / 1_000_000).toFixed(2)} MB, ${deadRows}`;
      });
      return [shape.title, size.toLocaleString("en"), ...cells];
    });
  return rows.length === 0 ? "" : renderTable(["all unchanged: WAL, dead rows", "rows", ...shown], rows);
}

export function renderTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
