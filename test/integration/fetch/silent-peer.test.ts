import { gzipSync } from "node:zlib";
import { seeded } from "../../../scripts/project/samples/seeded";
import { type FaultMode, type FaultTrigger, FaultyProxy } from "../../support/feeds/faulty-proxy";
import { type Answer, file, fileInChunks, fileToTheEnd } from "../../support/feeds/feed-answers";
import { FeedDownload } from "../../support/feeds/feed-download";

const random = seeded(1);
/** Larger than {@link PART}, packed or not. */
const FEED = `date,cases\n${Array.from({ length: 2_000 }, () => `2020-01-21,${Math.floor(random() * 1e9)}\n`).join("")}`;
const PART = 5_000;

const BODIES: readonly (readonly [string, Answer])[] = [
  ["of known length", file(FEED)],
  ["in chunks", fileInChunks(FEED)],
  ["that is packed", file(gzipSync(FEED), { "content-encoding": "gzip" })],
];

/** From before the server has the request to within the body. */
const STAGES: readonly (readonly [string, FaultTrigger])[] = [
  ["at the request", { side: "client", pattern: /^GET/ }],
  ["before the headers", { side: "client", pattern: /^GET/, strike: "after" }],
  ["within the headers", { side: "server", bytes: 20 }],
  ["within the body", { side: "server", bytes: PART }],
];

const MODES: readonly (readonly [FaultMode, RegExp])[] = [
  ["swallow", /^The server stopped answering, once tried: got ERR_IDLE_TIMEOUT/],
  ["cut", /^The download broke off, once tried: got ECONNRESET/],
  ["half-close", /^The download broke off, once tried: got ECONNRESET/],
];

const CASES = MODES.flatMap(([mode, reason]) =>
  STAGES.flatMap(([stage, when]) =>
    // What the body is like matters only to those that had begun to read it.
    BODIES.slice(0, stage === "within the body" ? undefined : 1).map(
      ([body, answer]) => [mode, stage, body, { when, answer, reason }] as const,
    ),
  ),
);

describe("a feed that becomes silent or unreachable", () => {
  let feed: FeedDownload;
  let proxy: FaultyProxy;
  let address: string;

  beforeEach(async () => {
    feed = await FeedDownload.prepare();
    const url = new URL(feed.server.url("/us.csv"));
    proxy = await FaultyProxy.start(Number(url.port));
    address = proxy.url(url.href);
  });
  afterEach(async () => {
    await proxy.close();
    await feed.dispose();
  });

  const http = { idleTimeoutMs: 50 };
  const whole = (url: string, attempts: number) => feed.read(url, { http, patience: { attempts } });

  test.each(CASES)("%s %s of a body %s: nothing is kept, and the next try has it whole", async (...given) => {
    const [mode, , , { when, answer, reason }] = given;
    feed.server.serve("/us.csv", answer);

    void proxy.arm({ mode, when });
    const alone = whole(address, 1);
    await expect(alone).rejects.toThrow(reason);
    const kept = await feed.files();
    void proxy.arm({ mode, when });
    const again = await whole(address, 2);

    expect(kept).toEqual([]);
    expect(again === FEED).toBe(true);
  });

  test.each(STAGES)("a delay %s is waited for, with one request", async (_, when) => {
    feed.server.serve("/us.csv", file(FEED));

    void proxy.arm({ mode: "delay", delayMs: 20, when });
    const read = await feed.read(address);

    expect(read === FEED).toBe(true);
    expect(feed.server.requests).toHaveLength(1);
  });

  test("without a length, a half-closed body is kept and reported as possibly cut", async () => {
    feed.server.serve("/us.csv", fileToTheEnd(FEED));

    void proxy.arm({ mode: "half-close", when: { side: "server", bytes: PART } });
    const source = await feed.fetch(address);

    expect([source.mayBeCut, source.raw.bytes < FEED.length]).toEqual([true, true]);
  });

  test("without a length, silence within the body is not its end", async () => {
    feed.server.serve("/us.csv", fileToTheEnd(FEED));

    void proxy.arm({ mode: "swallow", when: { side: "server", bytes: PART } });

    await expect(whole(address, 1)).rejects.toThrow(/^The server stopped answering, once tried/);
    expect(await feed.files()).toEqual([]);
  });
});
