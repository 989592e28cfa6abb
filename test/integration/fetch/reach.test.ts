import type { LookupAddress } from "node:dns";
import { connect, type TcpNetConnectOpts } from "node:net";
import type { HttpOptions } from "../../../etl/adapters/http/options";
import { file, redirect } from "../../support/feeds/feed-answers";
import { FEED, FeedDownload } from "../../support/feeds/feed-download";

/** Names with made-up addresses; `changing.example` leads elsewhere the second time. Nothing of this is sent anywhere. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  "public.example": ["93.184.215.14", "2606:2800:21f::1"],
  "other.example": ["93.184.215.15"],
  "inside.example": ["10.0.0.7"],
  "half.example": ["93.184.215.14", "169.254.169.254"],
  "mapped.example": ["::ffff:127.0.0.1"],
};

describe("addresses that fetchSource may call", () => {
  let feed: FeedDownload;
  /** What sockets were opened to. */
  let reached: string[];
  let lookups: string[];

  beforeEach(async () => {
    feed = await FeedDownload.prepare();
    reached = [];
    lookups = [];
    feed.server.serve("/there", file(FEED));
  });
  afterEach(() => feed.dispose());

  const http = (): Partial<HttpOptions> => ({
    resolve: async (name) => {
      const found = lookups.filter((before) => before === name).length;
      lookups.push(name);
      const changing = found === 0 ? ["93.184.215.14"] : ["127.0.0.1"];
      return (NAMES[name] ?? changing).map((address): LookupAddress => {
        return { address, family: address.includes(":") ? 6 : 4 };
      });
    },
    // Whatever the address, the feed on the loopback answers.
    connect: (options) => {
      const { host = "", lookup } = options as TcpNetConnectOpts;
      const toFeed = { host: "127.0.0.1", port: Number(new URL(feed.server.url("/")).port) };
      if (/^[\d.]+$|:/.test(host) || lookup === undefined) {
        reached.push(host);
        return connect(toFeed);
      }
      return connect({
        ...toFeed,
        host,
        lookup: (name, how, done) =>
          lookup(name, { ...how, all: true }, (error, addresses) => {
            if (error) return done(error, "", 4);
            reached.push(...(addresses as LookupAddress[]).map(({ address }) => address));
            if (how.all === true) done(null, [{ address: "127.0.0.1", family: 4 }] as never);
            else done(null, "127.0.0.1", 4);
          }),
      });
    },
  });
  const fetchFrom = (address: string) => feed.fetch(address, { http: http() });

  test.each([
    "http://127.0.0.1/there",
    "http://[::1]/there",
    "http://[::ffff:10.0.0.1]/there",
    "http://169.254.169.254/there",
    ...["2130706433", "0177.0.0.1", "0x7f.1", "127.1", "0", "0.0.0.0", "127.0.0.1."].map(
      (host) => `http://${host}/there`,
    ),
    ...["::ffff:7f00:1", "::ffff:0:7f00:1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe"].map(
      (host) => `http://[${host}]/there`,
    ),
    "http://inside.example/there",
    "http://half.example/there",
    "http://mapped.example/there",
  ])("refuses a redirect from a public address to %s, before it connects", async (inside) => {
    // Prepare
    feed.server.serve("/us.csv", redirect(inside));

    // Act
    const fetching = fetchFrom("http://public.example/us.csv");

    // Assess
    await expect(fetching).rejects.toThrow(/^A public address redirects into a private network: got .*http:\/\/public/);
    expect(feed.server.requests.map(({ path }) => path)).toEqual(["/us.csv"]);
    expect(reached).toEqual(NAMES["public.example"]);
  });

  test("refuses a way back into the network that it began in", async () => {
    feed.server.serve("/us.csv", redirect("http://public.example/on"));
    feed.server.serve("/on", redirect("http://inside.example/there"));

    await expect(fetchFrom("http://10.0.0.1/us.csv")).rejects.toThrow(
      /private network: got inside.example, which is 10.0.0.7/,
    );
    expect(feed.server.requests).toHaveLength(2);
  });

  test("connects to the addresses that it looked at, though the name leads elsewhere the next time", async () => {
    feed.server.serve("/us.csv", redirect("http://changing.example/there"));

    await fetchFrom("http://public.example/us.csv");

    expect(lookups).toEqual(["public.example", "changing.example"]);
    expect(reached).toEqual([...(NAMES["public.example"] ?? []), "93.184.215.14"]);
  });

  test.each(["http://10.0.0.1/us.csv", "http://inside.example/us.csv", "http://public.example/us.csv"])(
    "takes %s, which a person gave, and its way on to a public address",
    async (given) => {
      feed.server.serve("/us.csv", redirect("http://other.example/there"));

      const source = await fetchFrom(given);

      expect(source.raw.bytes).toBe(FEED.length);
    },
  );

  test("follows a redirect from one private address to another", async () => {
    feed.server.serve("/us.csv", redirect("http://10.0.0.2/there"));

    expect((await fetchFrom("http://inside.example/us.csv")).raw.bytes).toBe(FEED.length);
  });

  test("takes no credentials to another host", async () => {
    feed.server.serve("/us.csv", redirect("http://other.example/there"));

    await fetchFrom("http://me:secret@public.example/us.csv");

    const [asked, redirected] = feed.server.requests.map(({ headers }) => headers);
    expect(asked?.authorization).toMatch(/^Basic /);
    expect(redirected?.authorization).toBeUndefined();
    expect(redirected?.cookie).toBeUndefined();
  });
});
