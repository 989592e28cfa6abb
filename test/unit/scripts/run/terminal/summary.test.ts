import type { RunReport } from "../../../../../etl/core/runs/run-report";
import { renderSummary } from "../../../../../scripts/run/terminal/summary";
import { seriesFrom } from "../../../../support/files/report-sample";

const written = { path: ".millrace/report.html", series: seriesFrom("2020-09-29", []) };

function reportOf(facts: Partial<RunReport> = {}): RunReport {
  return {
    pipeline: "covid",
    runId: "7d8c1b1e-0f43-4a5e-9a51-0d1f3a3a9a10",
    status: "succeeded",
    inserted: 3,
    updated: 5,
    unchanged: 249,
    rejected: 1,
    dropped: 0,
    sources: [],
    revisions: { total: 0, first: [] },
    warnings: [],
    durationMs: 1200,
    ...facts,
  };
}

test("says the counts, the newest record and where the report is", () => {
  const newest = { date: "2020-09-30", cases: 7262695, deaths: 206852, recoveries: null };
  expect(renderSummary(reportOf({ newest }), written)).toBe(
    [
      "There were 3 inserts and 5 updates (249 unchanged, 1 rejected)",
      "Newest record: date 2020-09-30, cases 7,262,695, deaths 206,852, recoveries unknown",
      "Report: .millrace/report.html",
    ].join("\n\n"),
  );
});

test("a dry run says that nothing was kept", () => {
  expect(renderSummary(reportOf({ status: "dry-run" }), written)).toMatch(/^Dry run: nothing was kept\.\nThere were 3/);
});

test("lists the first revisions by column and how many more there are", () => {
  const revision = { table: "covid_daily", key: { date: "2020-03-01" }, before: { cases: 30 }, after: { cases: 1031 } };
  const text = renderSummary(reportOf({ revisions: { total: 12, first: Array(10).fill(revision) } }), written);
  expect(text).toContain("Revisions: 12\n  2020-03-01  cases: 30 → 1,031\n");
  expect(text.match(/30 → 1,031/g)).toHaveLength(10);
  expect(text).toContain("\n  and 2 more");
});

test("shows ten warnings, and no escape sequence reaches the terminal", () => {
  const warnings = Array.from({ length: 13 }, (_, index) => `warning ${index} \u001b[2Jgone`);
  const text = renderSummary(reportOf({ warnings }), written);
  expect(text).toContain("Warnings: 13");
  expect(text).toContain("warning 9 ");
  expect(text).not.toContain("warning 10 ");
  expect(text).toContain("and 3 more");
  expect(text).not.toContain("\u001b");
});

test("charts what the last 60 days added to the first column", () => {
  const series = seriesFrom(
    "2020-01-01",
    Array.from({ length: 100 }, (_, day) => [day < 39 ? day * 500 : 20_000 + day, 0]),
  );
  const text = renderSummary(reportOf(), { ...written, series });
  expect(text).toContain("New cases per day, the last 60 days to 2020-04-09");
  const widest = Math.max(...text.split("\n").map((line) => line.length));
  expect(widest).toBeLessThanOrEqual(80);
  expect(text).not.toMatch(/ 500 [┤┼]/);
});
