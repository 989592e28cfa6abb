import { createHash, randomBytes } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { HttpClient } from "../../../etl/adapters/http/client";
import { file, fileInChunks, fileOfLength, fileToTheEnd } from "../../support/feeds/feed-answers";
import { FEED, FeedDownload } from "../../support/feeds/feed-download";

const GZIP = gzipSync(FEED);

describe("fetchSource and the body it is sent", () => {
  let feed: FeedDownload;
  beforeEach(async () => {
    feed = await FeedDownload.prepare();
  });
  afterEach(() => feed.dispose());

  test("keeps it under name, day and sha256, and tells progress", async () => {
    feed.server.serve("/us.csv", file(FEED));
    const source = await feed.fetch("/us.csv");
    const sha256 = createHash("sha256").update(FEED).digest("hex");
    const raw = { key: `covid/cases/2026-11-21/${sha256}.csv`, sha256, bytes: 48 };
    expect(source).toMatchObject({
      name: "cases",
      location: feed.server.url("/us.csv"),
      unchanged: false,
      size: 48,
      raw,
    });
    expect(feed.received.at(-1)).toEqual([48, 48]);
  });

  test.each([
    ["gzip", gzipSync(FEED)],
    ["GZIP", gzipSync(FEED)],
    ["x-gzip", gzipSync(FEED)],
    ["deflate", deflateSync(FEED)],
    ["br", brotliCompressSync(FEED)],
    ["identity", Buffer.from(FEED)],
  ])("decodes %s", async (encoding, body) => {
    feed.server.serve("/us.csv", file(body, { "content-encoding": encoding }));
    expect(await feed.read("/us.csv")).toBe(FEED);
    expect(feed.received.at(-1)).toEqual([body.length, body.length]);
    expect(feed.server.requests[0]?.headers["accept-encoding"]).toBe("gzip, br, deflate");
  });

  test.each([
    ["that ends within a line, of unknown length", fileToTheEnd(FEED.trim()), true],
    ["that ends a line, of unknown length", fileToTheEnd(FEED), undefined],
    ["that ends within a line, in chunks", fileInChunks(FEED.trim()), undefined],
    ["that ends within a line, of known length", file(FEED.trim()), undefined],
  ])("a body %s: mayBeCut is %s", async (_, answer, mayBeCut) => {
    feed.server.serve("/us.csv", answer);
    expect((await feed.fetch("/us.csv")).mayBeCut).toBe(mayBeCut);
  });

  test("decodes a body of many pieces", async () => {
    const body = `n\n${randomBytes(1_500_000).toString("hex")}\n`;
    feed.server.serve("/us.csv", file(gzipSync(body), { "content-encoding": "gzip" }));
    expect(await feed.read("/us.csv")).toBe(body);
  });

  test("waits for a reader that is slower than a server that closes the connection", async () => {
    const lines = Buffer.from("2020-01-21,1,0\n".repeat(100_000));
    feed.server.serve("/us.csv", fileOfLength(lines, lines.length, { connection: "close" }));
    const request = {
      url: new URL(feed.server.url("/us.csv")),
      source: "cases",
      headers: {},
      onReceived: () => undefined,
    };
    const { signal } = new AbortController();
    const read = await new HttpClient().get({ ...request, signal }, async ({ body }) => {
      let bytes = 0;
      for await (const chunk of body) {
        bytes += chunk.length;
        await setTimeout(5);
      }
      return bytes;
    });
    expect(read).toBe(lines.length);
  });

  test("refuses an encoding that it did not ask for", async () => {
    feed.server.serve("/us.csv", file(FEED, { "content-encoding": "zstd" }));
    await expect(feed.fetch("/us.csv")).rejects.toThrow(/got Content-Encoding: zstd, expected gzip, br, deflate/);
  });

  test.each([
    ["ends early", gzipSync(FEED).subarray(0, 30), /Z_BUF_ERROR \(unexpected end of file\)/],
    [
      "is damaged",
      GZIP.map((byte, at) => (at === GZIP.length - 6 ? byte ^ 1 : byte)),
      /Z_DATA_ERROR \(incorrect data check\)/,
    ],
    ["is plain text", Buffer.from(FEED), /Z_DATA_ERROR \(incorrect header check\)/],
  ])("gzip that %s is an error, and never kept", async (_what, body, message) => {
    feed.server.serve("/us.csv", file(body, { "content-encoding": "gzip" }));
    await expect(feed.fetch("/us.csv")).rejects.toThrow(message);
    await expect(feed.fetch("/us.csv")).rejects.toThrow(
      /^The body does not follow its Content-Encoding, 3 times tried/,
    );
    expect(await feed.files()).toEqual([]);
  });

  test.each([
    ["on a connection kept alive", {}, Buffer.from(FEED), 20],
    ["on a connection that closes", { connection: "close" }, Buffer.from(FEED), 20],
    ["in a large body", { connection: "close" }, Buffer.from("1,2,3\n".repeat(100_000)), 599_994],
    ["when it is gzip", { "content-encoding": "gzip" }, Buffer.concat([GZIP, Buffer.from("x")]), GZIP.length],
  ])("a body longer than its Content-Length is an error %s", async (_where, headers, body, length) => {
    feed.server.serve("/us.csv", fileOfLength(body, length, headers));
    await expect(feed.fetch("/us.csv")).rejects.toThrow(
      new RegExp(`^The download broke off, 3 times tried: .*after the ${length} bytes of the body`),
    );
    expect(await feed.files()).toEqual([]);
  });

  test("a body of the right length on a connection that closes is none", async () => {
    feed.server.serve("/us.csv", fileOfLength(FEED, FEED.length, { connection: "close" }));
    expect(await feed.read("/us.csv")).toBe(FEED);
  });

  test.each([
    ["announced", file("x".repeat(1_001))],
    ["unannounced", fileInChunks("x".repeat(1_001))],
    ["once decoded", file(gzipSync("x".repeat(5_000_000)), { "content-encoding": "gzip" })],
  ])("a body over the size limit is refused at once: %s", async (_how, answer) => {
    feed.server.serve("/us.csv", answer);
    const http = { maxBytes: _how === "once decoded" ? 100_000 : 1_000 };
    await expect(feed.fetch("/us.csv", { http })).rejects.toThrow(/^The data is larger than a download may be/);
    expect(feed.server.requests).toHaveLength(1);
    expect(await feed.files()).toEqual([]);
  });

  test("a body of just the size limit is kept", async () => {
    feed.server.serve("/us.csv", file("x".repeat(1_000)));
    expect(await feed.read("/us.csv", { http: { maxBytes: 1_000 } })).toHaveLength(1_000);
  });

  test.each([
    ["by its type", file(FEED, { "content-type": "text/html; charset=utf-8" })],
    ["by its beginning", file("<!DOCTYPE html><p>Down for maintenance", { "content-type": "text/plain" })],
    ["behind a byte order mark", file("\uFEFF \r\n<HTML lang=en>", {})],
  ])("a web page with status 200 is refused %s", async (_how, answer) => {
    feed.server.serve("/us.csv", answer);
    await expect(feed.fetch("/us.csv")).rejects.toThrow(
      /^The server sent a web page instead of data: got .*expected CSV/,
    );
    expect(feed.server.requests).toHaveLength(1);
    expect(await feed.files()).toEqual([]);
  });
});
