import type { Comparison } from "../../../../../scripts/deliver/data-plan/compare-pipeline";
import { judgeData } from "../../../../../scripts/deliver/data-plan/judge-data";
import { changedPercent, isUnchanged, renderDataPlan } from "../../../../../scripts/deliver/data-plan/render";
import type { SideRun } from "../../../../../scripts/deliver/data-plan/run-side";

const run: SideRun = {
  ...{ status: "succeeded", warnings: [], messages: [], rejected: new Map(), seconds: 1, mebibytes: 400 },
};
const failed: SideRun = { ...run, status: "failed", error: "no" };
const shape = { columns: new Map([["id", "integer not null"]]), constraints: ["PRIMARY KEY (id)"] };
const same = { before: 200, after: 200, removed: 0, added: 0, changed: 0, columns: new Map() };
const none = { removed: [], added: [], changed: [] };
const table = {
  ...{ name: "people", key: ["id"], formerKey: ["id"], before: shape, after: shape },
  rows: { ...same, examples: none },
};
const unchanged: Comparison = { name: "people", by: ["a.ts"], base: run, head: run, table, rejected: [] };

describe("a data plan", () => {
  test("without a change is one line", () => {
    expect(renderDataPlan("main", [unchanged], ["covid"])).toBe(
      "## Data plan\n\nNo change to the data of people (compared with main).\n\nNot touched by the change: covid.\n",
    );
    expect(renderDataPlan("main", [], ["covid"])).toContain("No change to the data: no pipeline is touched");
  });

  test.each<[string, Partial<Comparison>]>([
    ["a rejected row", { rejected: [{ reason: "mail: too long", before: 0, after: 1 }] }],
    ["a warning", { head: { ...run, warnings: ["old data"] } }],
    ["a failed run", { head: { ...run, status: "failed", error: "no" } }],
    ["a run that fails no more", { base: failed }],
    ["nothing that was compared, as both failed,", { base: failed, head: failed }],
    ["a constraint", { table: { ...table, after: { ...shape, constraints: [] } } }],
    ["a column's type", { table: { ...table, after: { ...shape, columns: new Map([["id", "bigint not null"]]) } } }],
    ["a table that is not loaded any more", { table: { ...table, after: undefined, rows: undefined } }],
  ])("%s is a change", (_, change) => {
    expect(isUnchanged({ ...unchanged, ...change })).toBe(false);
    expect(renderDataPlan("main", [{ ...unchanged, ...change }], [])).toContain("### people");
  });

  test("writes no value as Markdown, in a table, a warning or a failure", () => {
    const changed = [{ key: { id: "1" }, before: { note: "a" }, after: { note: "@somebody <b>|x|\n*y*" } }];
    const rows = { ...same, changed: 1, columns: new Map([["note", 1]]), examples: { ...none, changed } };
    const head: SideRun = { ...run, status: "failed", error: "before\n```\n# after", warnings: ["![](x)"] };
    const text = renderDataPlan("main", [{ ...unchanged, table: { ...table, rows }, head }], []);

    expect(text).toContain("0 removed, 0 added, 1 changed** (`note` in 1)");
    expect(text).toContain("| id = 1 | note = a | note = &#64;somebody &#60;b&#62;&#124;x&#124;&#92;n&#42;y&#42; |");
    expect(text).toContain("````\nbefore\n```\n# after\n````");
    expect(text).toContain("new warning: &#33;&#91;&#93;(x)");
  });

  test.each([
    [{ ...same, removed: 3, changed: 1 }, 2],
    [{ ...same, added: 50 }, 0],
    [{ ...same, before: 0, added: 5 }, 0],
  ])("of %j removes or changes %d percent", (rows, percent) => {
    expect(changedPercent({ ...unchanged, table: { ...table, rows: { ...rows, examples: none } } })).toBe(percent);
  });

  test("of a removed table removes all", () => {
    expect(changedPercent({ ...unchanged, table: { ...table, after: undefined, rows: undefined } })).toBe(100);
  });

  test("names run time and memory only where chance does not explain them", () => {
    const of = (seconds: number, mebibytes: number) =>
      renderDataPlan(
        "main",
        [{ ...unchanged, rejected: [{ reason: "x", before: 1, after: 0 }], head: { ...run, seconds, mebibytes } }],
        [],
      );

    expect(of(2.9, 440)).not.toMatch(/Run time|Peak memory/);
    expect(of(9, 460)).toContain("Run time: 1.0 → 9.0 s.");
    expect(of(1, 600)).toContain("Peak memory: 400 → 600 MiB.");
  });
});

describe("the guard of the data", () => {
  const rows = { ...same, removed: 3, examples: none };
  const changed = { ...unchanged, table: { ...table, rows } };

  test("refuses more changed rows than are allowed, unless the pull request has the label", () => {
    const refuse = (labels: readonly string[], maxChangedPercent: number) => () =>
      judgeData([unchanged, changed], { labels, maxChangedPercent });

    expect(refuse([], 1)).toThrow(
      "got people 1.50%, expected at most 1% (dataPlan.maxChangedPercent). If that is intended, give the pull request the label allow-data-change",
    );
    expect(refuse(["allow-data-change"], 1)).not.toThrow();
    expect(refuse([], 1.5)).not.toThrow();
  });

  test("refuses a run that fails only now, whatever the labels", () => {
    const judge = (one: Comparison) => () =>
      judgeData([one], { labels: ["allow-data-change"], maxChangedPercent: 100 });

    expect(judge({ ...unchanged, head: failed })).toThrow("A run of this version fails");
    expect(judge({ ...unchanged, base: failed, head: failed })).not.toThrow();
  });
});
