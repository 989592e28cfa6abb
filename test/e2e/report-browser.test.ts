import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { sql } from "kysely";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { openPglite } from "../../etl/adapters/pglite/pglite";
import type { Database } from "../../etl/core/database/database";
import { covidSeries } from "../../etl/pipelines/covid/report-series";
import type { CovidTables } from "../../etl/pipelines/covid/tables";
import { readReport } from "../../etl/report/read-report";
import { renderReport } from "../../etl/report/render-report";
import { describeUnless } from "../support/files/real-data";
import { CASES_HEADER, RECOVERIES_HEADER, recoveryRow, runCovidOn } from "../support/models/covid-run";
import { chromiumMissing, FAINT_TEXT, startChromium } from "../support/processes/chromium";

const HOSTILE = "</script><img src=x onerror=alert(1)>";
const PHONE = { viewport: { width: 360, height: 740 } };

/** 250 days with a gap in the recoveries, a day on which cases are taken back, and a hostile row. */
function feeds(): [cases: string, recoveries: string] {
  const days = Array.from({ length: 250 }, (_, day) =>
    new Date(Date.UTC(2020, 0, 21 + day)).toISOString().slice(0, 10),
  );
  const cases = days.map((day, at) => `${day},${at * at * 100 - (at === 200 ? 60_000 : 0)},${at * 30}`);
  const recoveries = days.map((day, at) => recoveryRow(day, at >= 100 && at < 130 ? "" : at * at * 40));
  return [[CASES_HEADER, ...cases, HOSTILE].join("\n"), [RECOVERIES_HEADER, ...recoveries].join("\n")];
}

describeUnless(chromiumMissing, "the report in Chromium", () => {
  let database: Database<CovidTables>;
  let browser: Browser;
  let folder: string;
  let address: string;
  const said: string[] = [];

  beforeAll(async () => {
    [database, browser] = await Promise.all([openPglite<CovidTables>(), startChromium()]);
    const [cases, recoveries] = feeds();
    await runCovidOn(database, cases, recoveries, { maxRejected: { rows: 1 } });
    // Still rejected: what a newer source no longer has is not open.
    await runCovidOn(database, `${CASES_HEADER}\n2020-01-22,107,31\n${HOSTILE}`, recoveries, {
      maxRejected: { rows: 1 },
    });
    folder = await mkdtemp(join(tmpdir(), "millrace-report-"));
    const file = join(folder, "report.html");
    await writeFile(file, renderReport(await readReport(database.db, { pipeline: "covid", series: covidSeries })));
    address = pathToFileURL(file).href;
  });
  beforeEach(() => {
    said.length = 0;
  });
  afterEach(() => expect(said).toEqual([]));
  afterAll(async () => {
    await browser?.close();
    await database?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Opens the page from the disk; whatever the browser complains of, asks for or pops up is kept in `said`. */
  async function open(context: BrowserContextOptions = {}): Promise<Page> {
    const page = await browser.newPage(context);
    page.on("console", (message) => said.push(`console ${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => said.push(`error: ${error.message}`));
    page.on("dialog", (dialog) => {
      said.push(`dialog: ${dialog.message()}`);
      return dialog.dismiss();
    });
    page.on("request", (request) => {
      if (!request.url().startsWith("data:") && request.url() !== address) said.push(`request: ${request.url()}`);
    });
    await page.goto(address);
    return page;
  }

  test("its figures are the database's", async () => {
    const page = await open();
    const newest = await sql<{ date: string; cases: number; deaths: number; recoveries: number }>`
      select * from covid_daily order by date desc limit 1`.execute(database.db);
    const { date, ...figures } = newest.rows[0] ?? { date: "none" };
    const shown = await page.$$eval("data[data-column]", (all) =>
      all.map((each) => [each.getAttribute("data-column"), each.getAttribute("value"), each.textContent]),
    );
    expect(await page.textContent("#latest time")).toBe(date);
    expect(shown).toEqual(
      Object.entries(figures).map(([column, figure]) => [column, String(figure), figure.toLocaleString("en-US")]),
    );
    expect(await page.textContent("main")).toContain(HOSTILE);
    expect(await page.$$("img")).toEqual([]);
  });

  test("draws each chart in its colour, and the gap in none", async () => {
    const page = await open();
    for (const index of [0, 1, 2]) expect((await inked(page, index)).share).toBeGreaterThan(0.05);
    await page.check("input[value=cumulative]");
    const { lowest } = await inked(page, 2);
    expect(lowest.slice(0, 40)).not.toContain(null);
    expect(lowest.slice(42, 50)).toEqual(Array(8).fill(null));
  });

  test("draws a day that was taken back below 0", async () => {
    const page = await open();
    await page.hover("#plot-0", { position: await pointOf(page, 0, 0.802) });
    expect(await page.textContent("#readout-0")).toMatch(/^2020-08-08: \u2212/);
    const { lowest } = await inked(page, 0);
    const zero = lowest[50] ?? 0;
    expect(lowest[80]).toBeGreaterThan(zero + 5);
    expect(lowest[60]).toBe(zero);
  });

  test("switches between new per day and cumulative, by mouse and by keyboard", async () => {
    const page = await open();
    const perDay = await picture(page);
    await page.check("input[value=cumulative]");
    const cumulative = await picture(page);
    expect(cumulative).not.toBe(perDay);
    expect(await page.textContent("#readout-1")).toBe("2020-09-26: 7,470");
    await page.focus("input[value=cumulative]");
    await page.keyboard.press("ArrowLeft");
    expect(await picture(page)).toBe(perDay);
    expect(await page.textContent("#readout-1")).toBe("2020-09-26: +30 (7-day mean 30)");
  });

  test("a drag zooms all charts, a double click shows everything again, a button the last days", async () => {
    const page = await open();
    const whole = await picture(page);
    const [from, to] = [await pointOf(page, 0, 0.4), await pointOf(page, 0, 0.6)];
    const box = (await page.locator("#plot-0").boundingBox()) ?? { x: 0, y: 0 };
    await page.mouse.move(box.x + from.x, box.y + from.y);
    await page.mouse.down();
    await page.mouse.move(box.x + to.x, box.y + to.y, { steps: 5 });
    await page.mouse.up();

    expect(await picture(page)).not.toBe(whole);
    expect(await page.getAttribute("[data-days=all]", "aria-pressed")).toBe("false");
    await page.hover("#plot-2", { position: await pointOf(page, 2, 0.01) });
    expect(await page.textContent("#readout-2")).toMatch(/^2020-(04-29|04-30|05-01)/);

    await page.locator("#plot-0").dblclick();
    await page.mouse.move(0, 0);
    expect(await picture(page)).toBe(whole);
    expect(await page.getAttribute("[data-days=all]", "aria-pressed")).toBe("true");

    await page.click("[data-days='30']");
    expect(await page.getAttribute("[data-days='30']", "aria-pressed")).toBe("true");
    await page.hover("#plot-0", { position: await pointOf(page, 0, 0.01) });
    expect(await page.textContent("#readout-0")).toMatch(/^2020-08-28/);
  });

  test("a slider goes through the runs by keyboard and mouse, and shows each with the table as it left it", async () => {
    const page = await open();
    const slider = page.getByLabel("Run, from the oldest to the newest");
    const run = () => page.$$eval("#run-shown > article:not([hidden])", (all) => all.map((each) => each.innerText));
    const first = await run();
    await slider.focus();
    await page.keyboard.press("ArrowLeft");
    const before = await run();
    const told = await slider.getAttribute("aria-valuetext");
    const box = (await slider.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    await page.mouse.click(box.x + box.width - 2, box.y + box.height / 2);

    expect(first).toHaveLength(1);
    expect(first[0]).toMatch(/2 of 2[\s\S]*0 inserted, 1 updated/);
    expect(first[0]).toMatch(/covid_daily\.cases: 1 record, of 2020-01-22, by 7 in all/);
    expect(before).toHaveLength(1);
    expect(before[0]).toMatch(/1 of 2[\s\S]*250 inserted, 0 updated, 0 unchanged, 1 rejected/);
    expect(before[0]).toMatch(/recoveries: 250 rows\s+cases: 251 rows/);
    expect(before[0]).toMatch(/Rows: 250 · Newest day: 2020-09-26 · Cases: 6,200,100 · Deaths: 7,470 · Recoveries: /);
    expect(told).toMatch(/^20\d\d-.* UTC, succeeded, 1 of 2$/);
    expect(await run()).toEqual(first);
  });

  test("nothing is wider than a phone, with all details open", async () => {
    const page = await open(PHONE);
    await page.$$eval("details", (all) => all.map((each) => each.setAttribute("open", "")));
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
    expect((await inked(page, 0)).share).toBeGreaterThan(0.05);
  });

  test("follows the dark mode, also when it changes", async () => {
    const page = await open({ colorScheme: "light" });
    const brightness = () => page.evaluate<number>(BRIGHTNESS);
    const light = await picture(page);
    expect(await brightness()).toBeGreaterThan(200);
    await page.emulateMedia({ colorScheme: "dark" });
    // The page hears of it as it makes its next frame.
    await page.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))");
    expect(await brightness()).toBeLessThan(60);
    expect(await picture(page)).not.toBe(light);
  });

  test("text stands out from its ground by at least 4.5 to 1, light and dark", async () => {
    for (const colorScheme of ["light", "dark"] as const) {
      const page = await open({ colorScheme });
      expect(await page.evaluate<string[]>(FAINT_TEXT)).toEqual([]);
    }
  });
});

const BRIGHTNESS =
  "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).reduce((a, b) => a + +b, 0) / 3";

interface Ink {
  /** Of the plotting area. */
  readonly share: number;
  /** In a hundred columns from left to right: how far down the colour reaches, in per cent of the height; null without any. */
  readonly lowest: readonly (number | null)[];
}

/** Where a chart's canvas bears its colour; grid and labels are grey and do not count. */
function inked(page: Page, index: number): Promise<Ink> {
  return page.evaluate<Ink>(`(() => {
    const canvas = document.querySelector("#plot-${index} canvas");
    const over = document.querySelector("#plot-${index} .u-over").getBoundingClientRect();
    const place = canvas.getBoundingClientRect();
    const scale = canvas.width / place.width;
    const [left, top, width, height] = [over.x - place.x, over.y - place.y, over.width, over.height].map((n) => Math.round(n * scale));
    const { data } = canvas.getContext("2d").getImageData(left, top, width, height);
    const lowest = Array(100).fill(null);
    let count = 0;
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 4;
      const [r, g, b, a] = data.slice(at, at + 4);
      if (a < 60 || Math.max(r, g, b) - Math.min(r, g, b) < 60) continue;
      count++;
      lowest[Math.floor((x / width) * 100)] = Math.floor((y / height) * 100);
    }
    return { share: count / (width * height), lowest };
  })()`);
}

/** All charts as they are drawn. */
function picture(page: Page): Promise<string> {
  return page.evaluate<string>("[...document.querySelectorAll('canvas')].map((each) => each.toDataURL()).join()");
}

/** A point of a chart's place: a share of the plotting area's width, half its height. */
async function pointOf(page: Page, index: number, share: number): Promise<{ x: number; y: number }> {
  return page.evaluate<{ x: number; y: number }>(`(() => {
    const place = document.querySelector("#plot-${index}").getBoundingClientRect();
    const over = document.querySelector("#plot-${index} .u-over").getBoundingClientRect();
    return { x: over.x - place.x + over.width * ${share}, y: over.y - place.y + over.height / 2 };
  })()`);
}
