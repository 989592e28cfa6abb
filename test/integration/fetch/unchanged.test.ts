import { rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { file, fileToTheEnd, fileWithDate, fileWithEtag, status } from "../../support/feeds/feed-answers";
import { FEED, FeedDownload } from "../../support/feeds/feed-download";

const DATE = "Wed, 30 Sep 2020 12:00:00 GMT";

describe("fetchSource of an address that it fetched before", () => {
  let feed: FeedDownload;
  beforeEach(async () => {
    feed = await FeedDownload.prepare();
  });
  afterEach(() => feed.dispose());

  test.each([
    ["ETag", fileWithEtag(FEED, '"v1"')],
    ["Last-Modified", fileWithDate(FEED, DATE)],
  ])("asks by %s, is told 304, and takes the kept body", async (_by, answer) => {
    feed.server.serve("/us.csv", answer);
    const first = await feed.fetch("/us.csv");
    feed.received.length = 0;
    const again = await feed.fetch("/us.csv", { day: "2026-11-22" });
    expect([first.unchanged, again.unchanged]).toEqual([false, true]);
    expect(again.raw).toEqual(first.raw);
    expect(feed.received).toEqual([]);
    expect(await text(await again.open())).toBe(FEED);
  });

  test("remembers that a body may be cut", async () => {
    feed.server.serve("/us.csv", fileToTheEnd(FEED.trim(), { etag: '"v1"' }), status(304));
    await feed.fetch("/us.csv");
    expect(await feed.fetch("/us.csv", { day: "2026-11-22" })).toMatchObject({ unchanged: true, mayBeCut: true });
  });

  test("finds the same content sent again unchanged, and keeps it under the new day", async () => {
    feed.server.serve("/us.csv", file(FEED));
    const first = await feed.fetch("/us.csv");
    const again = await feed.fetch("/us.csv", { day: "2026-11-22" });
    expect(again).toMatchObject({ unchanged: true, raw: { sha256: first.raw.sha256 } });
    expect(again.raw.key).toContain("/2026-11-22/");
  });

  test("finds other content changed", async () => {
    feed.server.serve("/us.csv", fileWithEtag(FEED, '"v1"'), fileWithEtag(`${FEED}2020-01-23,1,0\n`, '"v2"'));
    await feed.fetch("/us.csv");
    const again = await feed.fetch("/us.csv");
    expect(again.unchanged).toBe(false);
    expect(feed.server.requests[1]?.headers["if-none-match"]).toBe('"v1"');
    expect((await feed.fetch("/us.csv")).unchanged).toBe(true);
  });

  test.each([
    ["gone", (path: string) => rm(path)],
    ["cut", (path: string) => truncate(path, 10)],
  ])("downloads again when the kept body is %s", async (_what, spoil) => {
    feed.server.serve("/us.csv", fileWithEtag(FEED, '"v1"'));
    const first = await feed.fetch("/us.csv");
    await spoil(join(feed.folder, first.raw.key));
    expect(await feed.read("/us.csv")).toBe(FEED);
    expect(feed.server.requests[1]?.headers["if-none-match"]).toBeUndefined();
  });

  test("downloads again when what it remembered cannot be read", async () => {
    feed.server.serve("/us.csv", fileWithEtag(FEED, '"v1"'));
    await feed.fetch("/us.csv");
    const memory = (await feed.files()).find((name) => name.endsWith(".json")) ?? "";
    await writeFile(join(feed.folder, "covid", "_downloads", memory), "{");
    expect(await feed.read("/us.csv")).toBe(FEED);
    expect(feed.server.requests).toHaveLength(2);
  });
});
