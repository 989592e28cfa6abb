import { type AddressInfo, createServer } from "node:net";
import { cutWithin, file, fileOfLength, hang, hangWithin, status } from "../../support/feeds/feed-answers";
import { FEED, FeedDownload } from "../../support/feeds/feed-download";

const http = { idleTimeoutMs: 200 };

describe("fetchSource from a server in trouble", () => {
  let feed: FeedDownload;
  beforeEach(async () => {
    feed = await FeedDownload.prepare();
  });
  afterEach(() => feed.dispose());

  const gaps = () => feed.server.requests.map(({ at }, index, all) => at - (all[index - 1]?.at ?? at)).slice(1);

  test("503 twice, then the file", async () => {
    feed.server.serve("/us.csv", status(503), status(503), file(FEED));
    expect(await feed.read("/us.csv")).toBe(FEED);
    expect(feed.server.requests).toHaveLength(3);
  });

  test.each([408, 425, 429, 500, 502, 504])("%i once, then the file", async (code) => {
    feed.server.serve("/us.csv", status(code), file(FEED));
    expect(await feed.read("/us.csv")).toBe(FEED);
  });

  test("503 for good fails with the number of attempts, and keeps nothing", async () => {
    feed.server.serve("/us.csv", status(503));
    const failure = feed.fetch("/us.csv");
    await expect(failure).rejects.toThrow(
      /^The server does not provide the data at the moment, 3 times tried: got HTTP 503 Service Unavailable \(cases, http:.*us\.csv\)\. Try again later$/,
    );
    await expect(failure).rejects.toMatchObject({ name: "SourceError" });
    expect(feed.server.requests).toHaveLength(3);
    expect(await feed.files()).toEqual([]);
  });

  test("429 with Retry-After in seconds is waited out", async () => {
    feed.server.serve("/us.csv", status(429, { "retry-after": "1" }), file(FEED));
    expect(await feed.read("/us.csv")).toBe(FEED);
    expect(gaps()[0]).toBeGreaterThanOrEqual(990);
  });

  test("429 with Retry-After as a date is waited out", async () => {
    const date = new Date(Date.now() + 2_000).toUTCString();
    feed.server.serve("/us.csv", status(429, { "retry-after": date }), file(FEED));
    expect(await feed.read("/us.csv")).toBe(FEED);
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(date));
  });

  test("Retry-After is bounded", async () => {
    feed.server.serve("/us.csv", status(503, { "retry-after": "3600" }), file(FEED));
    expect(await feed.read("/us.csv", { patience: { maxRetryAfterMs: 100 } })).toBe(FEED);
    expect(gaps()[0]).toBeGreaterThanOrEqual(95);
  });

  test.each([
    [
      "before its headers",
      hang(),
      /^The server stopped answering, once tried: got ERR_IDLE_TIMEOUT \(nothing came for 0.2 s\) /,
    ],
    [
      "within a body",
      hangWithin("date,ca"),
      /^The server stopped answering, once tried: got ERR_IDLE_TIMEOUT .* after 7 of 1000 bytes/,
    ],
  ])("a server that hangs %s is given up, and left when it recovers", async (_where, answer, message) => {
    feed.server.serve("/dead.csv", answer);
    await expect(feed.fetch("/dead.csv", { http, patience: { attempts: 1 } })).rejects.toThrow(message);
    feed.server.serve("/us.csv", answer, file(FEED));
    expect(await feed.read("/us.csv", { http })).toBe(FEED);
    expect((await feed.files()).filter((name) => name.endsWith(".csv"))).toHaveLength(1);
  });

  test.each([
    ["closed half way", cutWithin("date,cases\n2020")],
    ["shorter than its Content-Length", fileOfLength("date,cases\n2020", 50)],
  ])("a body %s never counts", async (_what, answer) => {
    feed.server.serve("/dead.csv", answer);
    await expect(feed.fetch("/dead.csv")).rejects.toThrow(
      /^The download broke off, 3 times tried: .*after \d+ (of 50 )?bytes/,
    );
    expect(await feed.files()).toEqual([]);
    feed.server.serve("/us.csv", answer, file(FEED));
    expect(await feed.read("/us.csv")).toBe(FEED);
  });

  test.each([
    [401, /Give credentials/],
    [403, /Ask the publisher/],
    [404, /current address/],
    [410, /deleted permanently/],
    [204, /expected HTTP 200/],
    [304, /expected HTTP 200/],
  ])("%i is final, and says what to do", async (code, message) => {
    feed.server.serve("/us.csv", status(code));
    await expect(feed.fetch("/us.csv")).rejects.toThrow(message);
    expect(feed.server.requests).toHaveLength(1);
  });

  test("the total time-out ends waits, hangs and slow bodies alike", async () => {
    const patience = { totalTimeoutMs: 150, attempts: 50, maxRetryAfterMs: 60_000 };
    feed.server.serve("/waits.csv", status(503, { "retry-after": "60" }));
    feed.server.serve("/hangs.csv", hangWithin("date"));
    const started = Date.now();
    await expect(feed.fetch("/waits.csv", { patience })).rejects.toThrow(
      /^The download takes too long: got no complete body in 0.15 s, once tried; before: .* HTTP 503/,
    );
    await expect(feed.fetch("/hangs.csv", { patience, http: { idleTimeoutMs: 5_000 } })).rejects.toThrow(/too long/);
    expect(Date.now() - started).toBeLessThan(2_000);
  });

  test("a server that takes the connection and never speaks TLS is given up", async () => {
    const silent = createServer((socket) => socket.on("error", () => undefined).resume());
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const address = `https://127.0.0.1:${(silent.address() as AddressInfo).port}/us.csv`;
    await expect(feed.fetch(address, { http: { connectTimeoutMs: 50 } })).rejects.toThrow(
      /^The server cannot be reached, 3 times tried: got ERR_CONNECT_TIMEOUT \(no connection in 0.05 s\)/,
    );
    await new Promise((resolve) => silent.close(resolve));
  });

  test("a refused connection is tried again, and then explained", async () => {
    const address = feed.server.url("/us.csv");
    await feed.server.close();
    await expect(feed.fetch(address)).rejects.toThrow(
      /^The server cannot be reached, 3 times tried: got ECONNREFUSED .*\. Check the address/,
    );
  });
});
