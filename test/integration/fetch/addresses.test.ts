import { file, redirect, status } from "../../support/feeds/feed-answers";
import { FEED, FeedDownload } from "../../support/feeds/feed-download";
import { startFeedServer } from "../../support/feeds/feed-server";

describe("fetchSource and the addresses that it meets", () => {
  let feed: FeedDownload;
  beforeEach(async () => {
    feed = await FeedDownload.prepare();
  });
  afterEach(() => feed.dispose());

  test.each([301, 302, 303, 307, 308])("follows a redirect by %i, relative or not", async (code) => {
    feed.server.serve("/us.csv", redirect("moved.csv", code));
    feed.server.serve("/moved.csv", redirect(feed.server.url("/there.csv?v=2"), code));
    feed.server.serve("/there.csv", file(FEED));
    const source = await feed.fetch("/us.csv");
    expect(source.location).toBe(feed.server.url("/us.csv"));
    expect(feed.server.requests.map(({ path }) => path)).toEqual(["/us.csv", "/moved.csv", "/there.csv?v=2"]);
  });

  test.each([
    ["an error", status(404), /HTTP 404/],
    ["an error that may pass", status(503), /HTTP 503/],
    ["a web page", file("<html>"), /web page/],
  ])("names the address that answered with %s after a redirect, without its credentials", async (_, answer, said) => {
    feed.server.serve("/us.csv", redirect("/gone.csv?token=t0k3n&v=2"));
    feed.server.serve("/gone.csv", answer);
    const failure = await feed.fetch("/us.csv", { patience: { attempts: 1 } }).catch(String);
    expect(failure).toMatch(said);
    expect(failure).toMatch(/\(cases, http:\S+\/us\.csv → http:\S+\/gone\.csv\?token=\*\*\*&v=2\)/);
  });

  test("redirects in a circle are named", async () => {
    feed.server.serve("/a.csv", redirect("/b.csv"));
    feed.server.serve("/b.csv", redirect("/a.csv"));
    await expect(feed.fetch("/a.csv")).rejects.toThrow(
      /^The address redirects, but not to data: got redirects in a circle \(cases, http:\S+\/a.csv → \S+\/b.csv → \S+\/a.csv\)/,
    );
    expect(feed.server.requests).toHaveLength(2);
  });

  test("redirects without end are limited", async () => {
    for (let hop = 0; hop < 5; hop += 1) feed.server.serve(`/${hop}`, redirect(`/${hop + 1}`));
    feed.server.serve("/5", file(FEED));
    await expect(feed.fetch("/0", { http: { maxRedirects: 4 } })).rejects.toThrow(/got more than 4 redirects/);
    expect(await feed.read("/0", { http: { maxRedirects: 5 } })).toBe(FEED);
  });

  test.each([
    ["a redirect without a usable Location", status(302)],
    ["a redirect without a usable Location", redirect("http://[")],
    ["a redirect to the scheme file:", redirect("file:///etc/passwd")],
  ])("refuses %s", async (got, answer) => {
    feed.server.serve("/us.csv", answer);
    await expect(feed.fetch("/us.csv")).rejects.toThrow(got);
    expect(feed.server.requests).toHaveLength(1);
  });

  test.each(["ftp://127.0.0.1/us.csv", "file:///etc/hosts", "us.csv", "http://"])("refuses %s", async (address) => {
    await expect(feed.fetch(address)).rejects.toThrow(/^This is not an address to download from: got .*\(cases\)/);
  });

  describe("with credentials", () => {
    const secret = (path: string) => feed.server.url(path).replace("http://", "http://me:p%40ss%@");

    test("sends them, and shows them nowhere", async () => {
      feed.server.serve("/us.csv", redirect("/there.csv"));
      feed.server.serve("/there.csv", file(FEED));
      const source = await feed.fetch(secret("/us.csv"));
      const sent = feed.server.requests.map(({ headers }) => headers.authorization);
      expect(sent).toEqual(Array(2).fill(`Basic ${Buffer.from("me:p@ss%").toString("base64")}`));
      expect(source.location).toBe(feed.server.url("/us.csv").replace("http://", "http://***@"));
      const failure = await feed.fetch(secret("/gone.csv?token=t0k3n")).catch(String);
      expect(failure).toContain("***@127.0.0.1");
      expect(failure).not.toMatch(/p%40ss|p@ss|t0k3n/);
    });

    test("keeps them from another origin", async () => {
      const other = await startFeedServer();
      other.serve("/us.csv", file(FEED));
      feed.server.serve("/us.csv", redirect(other.url("/us.csv")));
      await feed.fetch(secret("/us.csv"));
      expect(other.requests[0]?.headers.authorization).toBeUndefined();
      await other.close();
    });
  });

  test("explains a server that speaks no TLS", async () => {
    feed.server.serve("/us.csv", file(FEED));
    const address = feed.server.url("/us.csv").replace("http:", "https:");
    await expect(feed.fetch(address)).rejects.toThrow(
      /^The server and this client share no TLS version or cipher: .*http:\/\/ instead/,
    );
  });
});
