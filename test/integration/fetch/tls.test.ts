import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { file } from "../../support/feeds/feed-answers";
import { FEED } from "../../support/feeds/feed-download";
import { type FeedServer, startFeedServer } from "../../support/feeds/feed-server";
import { makeCertificate } from "../../support/feeds/self-signed";

const ROOT = join(__dirname, "..", "..", "..");

/** In a process of its own: Node reads what certificates to trust from the environment that it is started with. */
const DOWNLOAD = `
const { HttpClient } = require("./etl/adapters/http/client");
const { text } = require("node:stream/consumers");
const request = { url: new URL(process.argv[1]), source: "cases", headers: {}, signal: new AbortController().signal };
new HttpClient().get({ ...request, onReceived() {} }, ({ body }) => text(body)).then(
  (body) => console.log(body),
  (error) => console.log(String(error)),
);`;

const certificate = makeCertificate();
const describeWithOpenssl = certificate === undefined ? describe.skip : describe;

describeWithOpenssl("a download by TLS", () => {
  let server: FeedServer;
  let folder: string;
  beforeEach(async () => {
    server = await startFeedServer(certificate);
    server.serve("/us.csv", file(FEED));
    folder = await mkdtemp(join(tmpdir(), "tls-"));
  });
  afterEach(async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  const download = async (env: Record<string, string>) => {
    const args = ["--require", "tsx/cjs", "--eval", DOWNLOAD, server.url("/us.csv")];
    const options = { cwd: ROOT, env: { ...process.env, ...env } };
    return (await promisify(execFile)(process.execPath, args, options)).stdout.trim();
  };

  test.each(["", "0"])(
    "refuses a certificate that nobody vouches for, NODE_TLS_REJECT_UNAUTHORIZED=%s",
    async (value) => {
      expect(await download({ NODE_TLS_REJECT_UNAUTHORIZED: value })).toMatch(
        /^SourceError: The server's TLS certificate is not trusted: got DEPTH_ZERO_SELF_SIGNED_CERT .*NODE_EXTRA_CA_CERTS/,
      );
      expect(server.requests).toHaveLength(0);
    },
  );

  test("accepts a certificate of a configured authority", async () => {
    const path = join(folder, "authority.pem");
    await writeFile(path, certificate?.cert ?? "");
    expect(await download({ NODE_EXTRA_CA_CERTS: path })).toBe(FEED.trim());
  });
});
