import { createHash } from "node:crypto";
import { renderMessage } from "../../../../etl/report/render-message";
import { renderReport } from "../../../../etl/report/render-report";
import { reportOf, runOf, seriesFrom } from "../../../support/files/report-sample";

const HOSTILE = "</script><img src=x onerror=alert(1)>";
const started = new Date("2020-10-05T06:00:00Z");

test("the latest figures have their day, their change and their exact value", () => {
  const page = renderReport(
    reportOf({
      series: seriesFrom("2020-09-29", [
        [7220667, 5],
        [7262695, 3],
      ]),
    }),
  );
  expect(page).toContain('<time datetime="2020-09-30">2020-09-30</time>');
  expect(page).toContain('<data value="7262695" data-column="cases">7,262,695</data>');
  expect(page).toContain("+42,028 on the day");
  expect(page).toContain("\u22122 on the day");
});

test("an unknown figure is never shown as 0, and the last known one is shown", () => {
  const page = renderReport(
    reportOf({
      series: seriesFrom("2020-09-29", [
        [10, 4321],
        [11, null],
      ]),
    }),
  );
  expect(page).toContain('<p class="figure unknown" data-column="recoveries">unknown</p>');
  expect(page).toContain("last known: 4,321 on 2020-09-29");
});

test("the charts are given gaps as null and changes that were taken back as negative", () => {
  const page = renderReport(
    reportOf({
      series: seriesFrom("2020-09-27", [
        [10, 8],
        [20, null],
        [15, 9],
      ]),
    }),
  );
  const json = /<script type="application\/json" id="series">(.*?)<\/script>/.exec(page)?.[1] ?? "";
  expect(JSON.parse(json).values).toEqual([
    { title: "Cases", cumulative: [10, 20, 15], perDay: [null, 10, -5], mean: [null, null, null] },
    { title: "Recoveries", cumulative: [8, null, 9], perDay: [null, null, null], mean: [null, null, null] },
  ]);
});

test("without figures it says what to do: run it once, or see why the runs loaded nothing", () => {
  const never = renderReport(reportOf());
  const empty = renderReport(reportOf({ runs: { total: 1, shown: [runOf()] } }));

  expect(never).toContain("Run the pipeline once, then reload this page:");
  expect(empty).toContain("The runs so far loaded nothing:");
  for (const page of [never, empty]) expect(page).toContain("<code>npm run etl -- covid</code>");
});

test("text from outside is text wherever it stands", () => {
  const rejection = { source: HOSTILE, line: 3, reason: HOSTILE, raw: HOSTILE, runStarted: started };
  const revision = { table: "t", key: { k: HOSTILE }, before: { [HOSTILE]: 1 }, after: { [HOSTILE]: HOSTILE } };
  const page = renderReport(
    reportOf({
      pipeline: HOSTILE,
      series: seriesFrom("2020-09-29", [[1, 1]]),
      runs: { shown: [runOf({ status: "failed", error: HOSTILE })], total: 1 },
      rejections: { shown: [rejection], total: 1, mended: 2, superseded: 3000 },
      revisions: { shown: [{ ...revision, runStarted: started }], total: 1 },
      warnings: { shown: [HOSTILE], total: 1 },
    }),
  );
  expect(page).not.toContain("<img");
  expect(page.match(/&lt;\/script&gt;&lt;img src=x onerror=alert\(1\)&gt;/g)?.length).toBeGreaterThanOrEqual(9);
});

test("runs tell status, duration and counts; a running one has no counts yet", () => {
  const running = {
    status: "running",
    finished: null,
    inserted: null,
    updated: null,
    unchanged: null,
    rejected: null,
    dropped: null,
  };
  const shown = [runOf({ ...running, status: "running" }), runOf({ unchanged: 1234, rejected: 7 })];
  const page = renderReport(reportOf({ runs: { shown, total: 1001 } }));
  expect(page).toContain('<span class="status running">running</span>');
  expect(page).toContain('data-label="Unchanged">1,234</td>');
  expect(page).toContain('data-label="Duration">1.5 s</td>');
  expect(page).toContain('data-label="Inserted">\u2013</td>');
  expect(page).toContain("The newest 2 of 1,001.");
});

test.each([
  ["dropped", "Dropped"],
  ["superseded", "Superseded"],
  ["removed", "Removed"],
])("what was %s has a column only where there is any", (name, title) => {
  const pageOf = (count: number | null) =>
    renderReport(reportOf({ runs: { shown: [runOf({ [name]: count })], total: 1 } }));

  expect(pageOf(1234)).toContain(`data-label="${title}">1,234</td>`);
  expect(pageOf(0)).not.toContain(title);
  expect(pageOf(null)).not.toContain(title);
});

test("runs that read no source say what they did instead", () => {
  const shown = [runOf({ isMend: true }), runOf({ isMend: true, isUndo: true })];
  const page = renderReport(reportOf({ runs: { shown, total: 2 } }));

  expect(page.match(/<\/span> \((mend|undo)\)/g)).toEqual(["</span> (mend)", "</span> (undo)"]);
});

test("before the first run the page says what to do, and carries no script", () => {
  const page = renderReport(reportOf());
  expect(page).toContain("npm run etl -- covid");
  expect(page).not.toContain("<script");
  expect(page).not.toContain("Run history");
});

test("every script and style is allowed by its hash, and nothing is fetched", () => {
  const page = renderReport(reportOf({ series: seriesFrom("2020-09-29", [[1, 1]]) }));
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1]?.replaceAll("&#39;", "'");
  const inline = [...page.matchAll(/<(script|style)>([\s\S]*?)<\/\1>/g)].map(([, , text]) => text ?? "");
  expect(inline).toHaveLength(3);
  for (const text of inline) {
    expect(policy).toContain(`'sha256-${createHash("sha256").update(text).digest("base64")}'`);
  }
  expect(policy).toMatch(/^default-src 'none'/);
  expect(policy).not.toMatch(/unsafe|https?:/);
  expect(page.replace(/<(script|style)>[\s\S]*?<\/\1>/g, "")).not.toMatch(/(src|href)="(?!data:)/);
});

test("2,000 days and a hundred runs with long errors stay under 1 MB", () => {
  const days = Array.from({ length: 2000 }, (_, day) => [day * 1_000_003, day * 70_001]);
  const shown = Array.from({ length: 100 }, () => runOf({ status: "failed", error: "<".repeat(300) }));
  const rejection = { source: "cases", line: 1, reason: '"'.repeat(300), raw: "&".repeat(300), runStarted: started };
  const page = renderReport(
    reportOf({
      series: seriesFrom("2020-01-21", days),
      runs: { shown, total: 1000 },
      rejections: { shown: Array.from({ length: 100 }, () => rejection), total: 100_000, mended: 0, superseded: 0 },
    }),
  );
  expect(Buffer.byteLength(page)).toBeLessThan(1_000_000);
});

test("a message is a page of its own that may reload itself", () => {
  const page = renderMessage({ title: "A run is at work", text: HOSTILE, reloadAfter: 3 });
  expect(page).toContain('<meta http-equiv="refresh" content="3">');
  expect(page).not.toContain("<img");
  expect(renderMessage({ title: "a", text: "b" })).not.toContain("refresh");
});
