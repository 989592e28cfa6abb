import { createHash } from "node:crypto";
import { renderReport } from "../../../../../etl/report/render-report";
import { reportOf, runOf } from "../../../../support/files/report-sample";

const HOSTILE = "</script><img src=x onerror=alert(1)>";

/** The newest first, each a day older. */
const runs = [
  runOf({ id: "c", inserted: 0, updated: 0, removed: 3, isMend: true, isUndo: true }),
  runOf({ id: "b", status: "failed", inserted: null, updated: null, unchanged: null, rejected: null, error: HOSTILE }),
  runOf({ id: "a", dropped: 1234, isMend: true }),
].map((run, day) => ({ ...run, started: new Date(Date.UTC(2020, 9, 5 - day, 6)) }));

const articles = (page: string) => page.match(/<article[\s\S]*?<\/article>/g) ?? [];

describe("the slider over the runs", () => {
  test("goes from the oldest to the newest, which is shown before any script runs", () => {
    const page = renderReport(reportOf({ runs: { shown: runs, total: 30 } }));

    expect(page).toMatch(/<div class="slider" hidden><label for="run-slider">[\s\S]*min="1" max="3" value="3"/);
    expect(articles(page).map((each) => /data-told="([^"]*)"( hidden)?/.exec(each)?.slice(1))).toEqual([
      ["2020-10-03 06:00 UTC, a mend, succeeded, 1 of 3", " hidden"],
      ["2020-10-04 06:00 UTC, failed, 2 of 3", " hidden"],
      ["2020-10-05 06:00 UTC, an undo, succeeded, 3 of 3", undefined],
    ]);
  });

  test("says of each run what it counted, read, warned of and changed, and what the table was then", () => {
    const shown = [
      {
        ...runOf({ id: "b" }),
        sources: [{ name: "cases", rows: 1234, unchanged: true }],
        warnings: { shown: ["1", "2", "3", "4", "5"], total: 7 },
        chunks: { count: 2, seconds: 1 },
      },
      runOf({ id: "a" }),
    ];
    const line = { started: "", table: "t", days: 1, newest: "2020-10-01", daysBack: 4, largest: null };
    const radar = [
      { ...line, run: "b", column: "x", records: 1000, oldest: "2020-09-01", sum: "-1234.5" },
      { ...line, run: "a", column: "y", records: 1, oldest: null, sum: null },
    ];
    const figures = [
      { title: "Rows", value: "1234567" },
      { title: "amount", value: null },
    ];
    const [older = "", newer = ""] = articles(
      renderReport(
        reportOf({
          ...{ runs: { shown, total: 2 }, radar: { shown: radar, total: 2 } },
          after: [{ run: "b", figures }],
        }),
      ),
    );

    expect([...newer.matchAll(/<d[td]>(.*?)<\/d[td]>/g)].map(([, text]) => text)).toEqual([
      ...["Rows", "1 inserted, 2 updated, 253 unchanged, 0 rejected, in 1.5 s"],
      ...["Sources", "cases: 1,234 rows, the same content as the last time", "2 chunks of objects"],
      ...["Changed", "t.x: 1,000 records, of 2020-09-01 to 2020-10-01, by \u22121,234.5 in all"],
      ...["Warnings", "1", "2", "3", "4", "5", "and 2 more"],
      ...["The table after it", "Rows: 1,234,567 \u00B7 amount: unknown"],
    ]);
    expect(older).toContain("<dd>t.y: 1 record</dd>");
    expect(older).not.toContain("The table after it");
  });

  test("tells rare counts where there are any, and a dash for those that are not known", () => {
    const page = articles(renderReport(reportOf({ runs: { shown: runs, total: 3 } })));

    expect(page[0]).toContain("0 rejected, 1,234 dropped, in ");
    expect(page[1]).toContain("\u2013 inserted, \u2013 updated, \u2013 unchanged, \u2013 rejected");
    expect(page[2]).toContain("0 rejected, 3 removed");
  });

  test("has a script of its own, which the page's policy allows, and takes no text for markup", () => {
    const page = renderReport(reportOf({ runs: { shown: runs, total: 3 } }));
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1]?.replaceAll("&#39;", "'");
    const scripts = [...page.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, text]) => text ?? "");

    expect(scripts).toEqual([expect.stringContaining("aria-valuetext")]);
    expect(policy).toContain(
      `'sha256-${createHash("sha256")
        .update(scripts[0] ?? "")
        .digest("base64")}'`,
    );
    expect(page).not.toContain("<img");
  });

  test("is not there for a single run", () => {
    const page = renderReport(reportOf({ runs: { shown: runs.slice(0, 1), total: 1 } }));

    expect(page).not.toMatch(/run-slider"|<script/);
  });
});
