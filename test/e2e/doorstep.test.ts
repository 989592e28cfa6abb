import { createWriteStream, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import type { Feed } from "../../etl/core/contract/contract";
import { amountOf } from "../../etl/core/counted";
import { buildDoorstep } from "../../scripts/deliver/build/doorstep";
import { sha256 } from "../../scripts/deliver/build/hash";
import { DOOR_FEED, DOOR_FILES } from "../support/doorstep/door-files";
import { alike, serverVerdict } from "../support/doorstep/server-verdict";
import { describeUnless } from "../support/files/real-data";
import { chromiumMissing, FAINT_TEXT, startChromium } from "../support/processes/chromium";

const root = join(__dirname, "../..");
const PHONE = { viewport: { width: 360, height: 740 } };
const HEADER = "id,day,amount,size,Code,doc\n";
/** The quotes of one of its fields are more than a pair: of all rows these take longest. */
const GOOD = '17,27.08.2026,"1.234,50",small,AB-123,"{""a"":[1]}"\n';

describeUnless(chromiumMissing, "the doorstep in Chromium", () => {
  let browser: Browser;
  let folder: string;
  const said: string[] = [];

  beforeAll(async () => {
    browser = await startChromium();
    folder = mkdtempSync(join(tmpdir(), "millrace-doorstep-"));
  });
  beforeEach(() => {
    said.length = 0;
  });
  afterEach(() => expect(said).toEqual([]));
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The address of a feed's page, built once. */
  async function build(feed: Feed): Promise<string> {
    const path = join(folder, `${sha256(JSON.stringify(feed))}.html`);
    if (!existsSync(path)) writeFileSync(path, await buildDoorstep(root, feed));
    return pathToFileURL(path).href;
  }

  /** Opens the page from the disk; whatever the browser complains of or asks for is kept in `said`. */
  async function open(feed = DOOR_FEED, context: BrowserContextOptions = {}): Promise<Page> {
    const address = await build(feed);
    const page = await browser.newPage(context);
    page.on("console", (message) => said.push(`console ${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => said.push(`error: ${error.message}`));
    page.on("request", (request) => {
      if (!/^(data|blob):/.test(request.url()) && request.url() !== address) said.push(`request: ${request.url()}`);
    });
    await page.goto(address);
    return page;
  }

  async function check(page: Page, name: string, content: string | Uint8Array): Promise<void> {
    const path = join(folder, name);
    writeFileSync(path, content);
    await page.setInputFiles("#file", path);
    await judged(page, name);
  }

  const judged = (page: Page, name: string) =>
    page.waitForSelector(`#verdict h2:has-text("${name}") .status`, { timeout: 100_000 });

  test.each(DOOR_FILES.map((file, at) => ({ ...file, name: `f${at}.csv` })))(
    "says what the load says of $kind",
    async ({ name, content, csv }) => {
      const feed = { ...DOOR_FEED, ...csv };
      const page = await open(feed);
      await check(page, name, content);
      const { rows, rejected, refusal, reasons } = await serverVerdict(feed, name, content);
      const facts = (await page.$$eval("#verdict li", (all) => all.map(({ textContent }) => textContent))).map(String);
      expect(facts).toContain(
        `${amountOf(rows - rejected, "row")} accepted, ${rejected.toLocaleString("en-US")} rejected`,
      );
      if (refusal !== undefined) expect(alike(facts[0] ?? "")).toBe(refusal);
      const shown = await page.$$eval("#verdict tbody td:nth-child(2)", (all) =>
        all.map(({ textContent }) => textContent),
      );
      expect(shown.map((text) => alike(text ?? ""))).toEqual(reasons.slice(0, 100));
      const state = refusal !== undefined ? "rejected" : rejected > 0 ? "accepted in part" : "accepted";
      expect(await page.textContent("#verdict .status")).toBe(state);
      await page.close();
    },
  );

  test("reads 1 MB and 100 MB in the same memory, and finds the one bad row at their ends", async () => {
    const page = await open();
    const peaks: number[] = [];
    for (const megabytes of [1, 100]) {
      const count = Math.ceil((megabytes * 1e6) / GOOD.length);
      const name = `large-${megabytes}.csv`;
      await writeLarge(join(folder, name), count);
      await page.setInputFiles("#file", join(folder, name));
      await judged(page, name);
      const text = await page.textContent("#verdict");
      expect(text).toContain(`${count.toLocaleString("en-US")} rows accepted, 1 rejected`);
      expect(await page.textContent("#verdict tbody td")).toBe(String(count + 2));
      peaks.push(await peakOfRenderers(browser));
    }
    await page.close();
    const [less = 0, most = 0] = peaks;
    // A worker that keeps the file adds 134; what else there is, 60, is no more with a file of 200 MB.
    expect(most - less).toBeLessThan(110);
  });

  test("can be cancelled while it reads, and takes the next file", async () => {
    const page = await open();
    await writeLarge(join(folder, "long.csv"), 2_000_000);
    await page.setInputFiles("#file", join(folder, "long.csv"));
    await page.waitForSelector('#progress:not([value="0"])');
    await page.click("#cancel");
    expect(await page.textContent("#verdict")).toBe("Cancelled");
    expect(await page.isHidden("#working")).toBe(true);
    await check(page, "next.csv", HEADER + GOOD);
    expect(await page.textContent("#verdict")).toContain("1 row accepted, 0 rejected");
    await page.close();
  });

  test("takes a file that is dropped on it", async () => {
    const page = await open();
    const data = await page.evaluateHandle(
      `(() => { const data = new DataTransfer(); data.items.add(new File([${JSON.stringify(HEADER + GOOD)}], "dropped.csv")); return data; })()`,
    );
    await page.dispatchEvent("body", "drop", { dataTransfer: data });
    await judged(page, "dropped.csv");
    expect(await page.textContent("#verdict")).toContain("1 row accepted, 0 rejected");
    await page.close();
  });

  test("gives the rejected rows as a CSV without formulas", async () => {
    const page = await open();
    await check(page, "some.csv", `${HEADER}${GOOD}x,"y\n=cmd\n`);
    const [download] = await Promise.all([page.waitForEvent("download"), page.click("#verdict a")]);
    expect(download.suggestedFilename()).toBe("some.csv.rejected.csv");
    const [head, row, formula] = readFileSync(await download.path(), "utf8").split("\r\n");
    expect(head).toBe("line,reason,row");
    expect(row).toMatch(/^3,"A quoted field is not closed .*","x,""y"$/);
    expect(formula).toMatch(/^4,.*,'=cmd$/);
    await page.close();
  });

  test("shows markup in a file as text", async () => {
    const page = await open();
    const hostile = "<img src=x onerror=alert(1)>";
    await check(page, "hostile.csv", `${HEADER}${hostile},,,,,\n`);
    expect(await page.textContent("#verdict tbody code")).toBe(`${hostile},,,,,`);
    expect(await page.$$("#verdict img")).toEqual([]);
    await page.close();
  });

  test("is as wide as a phone, has names for what it asks, and text that stands out, light and dark", async () => {
    for (const colorScheme of ["light", "dark"] as const) {
      const page = await open(DOOR_FEED, { colorScheme, ...PHONE });
      await check(page, "all.csv", DOOR_FILES[0]?.content ?? "");
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
      expect(await page.evaluate<string[]>(FAINT_TEXT)).toEqual([]);
      expect(await page.getByLabel("CSV file, plain or packed by gzip or zip").count()).toBe(1);
      expect(await page.getByRole("button", { name: "Cancel", includeHidden: true }).count()).toBe(1);
      expect(await page.getAttribute("#verdict", "aria-live")).toBe("polite");
      await page.close();
    }
  });
});

/** So many good rows, and a bad one. */
async function writeLarge(path: string, rows: number): Promise<void> {
  const block = 10_000;
  function* text() {
    yield HEADER;
    for (let left = rows; left > 0; left -= block) yield GOOD.repeat(Math.min(left, block));
    yield "bad\n";
  }
  await pipeline(Readable.from(text()), createWriteStream(path));
}

/** MiB that the largest process of a page has had in memory at most (Linux, `proc(5)`). */
async function peakOfRenderers(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  const renderers = processInfo.filter(({ type }) => type === "renderer");
  const peaks = renderers.map(({ id }) => /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${id}/status`, "utf8"))?.[1]);
  return Math.max(...peaks.map(Number)) / 1024;
}
