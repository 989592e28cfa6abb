import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { request } from "node:http";
import { resolve } from "node:path";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { CreateStateMachineCommand, SFNClient } from "@aws-sdk/client-sfn";
import type { Overrides } from "../../../../config/overrides";
import type { Config } from "../../../../config/schema";
import { readSigningKey, signLink } from "../../../../etl/core/pages/signed-link";
import type { Cloud } from "../../../../scripts/cloud/cloud";
import type { Deployment } from "../../../../scripts/cloud/deployment";
import { runProgram } from "../../../../scripts/command-line/run-program";
import { synthesize } from "../../../infra/support/synthesize";
import { callCloud } from "../call-cloud";
import { runStateMachine } from "../observe/state-machine-run";
import { ACCOUNT, EmulatedRoles } from "../roles/emulated-roles";

const PAGE = "<!doctype html><title>orders</title>";
const HOUR_MS = 3_600_000;
/** Where the tests come from. */
const HERE = "127.0.0.0/8";
const ELSEWHERE = "203.0.113.0/24";

/** `pages.web` with a pair of keys that the command has made in the cloud. */
export async function webPages(cloud: Cloud): Promise<Overrides> {
  const { stdout } = await runProgram(process.execPath, ["--import", "tsx", "scripts/page-key.ts", "--json"], {
    cwd: resolve(__dirname, "../../../.."),
    env: { ...process.env, ...cloud.environment },
  });
  return { pages: { enabled: true, web: { enabled: true, ...JSON.parse(stdout), networks: [ELSEWHERE, HERE] } } };
}

interface Opened {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** What only who has a signed link may see: on a deployment with {@link webPages}. */
export function pagesWebSuite(getWorld: () => { readonly cloud: Cloud; readonly deployment: Deployment }): void {
  let cloud: Cloud;
  let web: Config["pages"]["web"];
  /** As the deployed function signs it. */
  let link: string;
  let otherNetworks: string;
  let signer: { readonly keyPairId: string; readonly privateKey: KeyObject };

  beforeAll(async () => {
    const { deployment } = getWorld();
    ({ cloud } = getWorld());
    ({ web } = deployment.config.pages);
    await new S3Client(cloud.client).send(
      new PutObjectCommand({
        Bucket: "millrace-dev-pages-123456789012",
        Key: "pages/orders/index.html",
        Body: PAGE,
        ContentType: "text/html; charset=utf-8",
      }),
    );
    const path = "/2015-03-31/functions/millrace-dev-pages-link/invocations";
    const answer = await callCloud(cloud, { service: "lambda", path, body: { pipeline: "orders" } });
    const { text } = (await answer.json()) as { readonly text: string };
    const [elsewhere = "", here = ""] = text.split("\n");
    expect(elsewhere).toContain(ELSEWHERE);
    [otherNetworks, link] = [elsewhere, here].map((line) => line.slice(line.indexOf("https://"))) as [string, string];
    const secrets = new SecretsManagerClient(cloud.client);
    const secret = await secrets.send(new GetSecretValueCommand({ SecretId: web.keySecretArn }));
    signer = {
      keyPairId: new URL(link).searchParams.get("Key-Pair-Id") ?? "",
      privateKey: readSigningKey(secret.SecretString ?? "", web.publicKey ?? ""),
    };
  });

  test("a signed link opens its page, with headers that keep it there", async () => {
    const { status, headers, text } = await open(link);

    expect({ status, text }).toEqual({ status: 200, text: PAGE });
    expect(headers).toMatchObject({
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
      "content-security-policy": expect.stringContaining("default-src 'none'"),
      "referrer-policy": "no-referrer",
      "strict-transport-security": "max-age=63072000; includeSubDomains",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
    });
  });

  test("requests without a link, or with one that was altered, forged, is expired, or is for others, are refused", async () => {
    const url = address(link);
    const until = new Date(Date.now() + HOUR_MS);
    const stranger = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
    const altered = (name: string, change: (value: string) => string) => {
      const changed = new URL(link);
      changed.searchParams.set(name, change(changed.searchParams.get(name) ?? ""));
      return changed.href;
    };
    const attempts = {
      "no signature": url,
      "another page": link.replace("/orders/", "/covid/"),
      "a page that the policy was changed to": altered("Policy", (policy) =>
        Buffer.from(Buffer.from(policy, "base64").toString().replace(ELSEWHERE, HERE).replace("/orders/", "/covid/"))
          .toString("base64")
          .replaceAll("=", "_"),
      ),
      "a changed signature": altered("Signature", (signature) =>
        signature.replace(/^./, (first) => (first === "A" ? "B" : "A")),
      ),
      "no end": `${url}?${new URL(link).search.slice(1).replace(/Policy=[^&]*&/, "")}`,
      "another key, by the known one's name": signLink(url, { until }, { ...signer, privateKey: stranger }),
      "a key that nobody knows": signLink(url, { until }, { ...signer, keyPairId: "K0123456789ABC" }),
      "a link that is over": signLink(url, { until: new Date(Date.now() - 1000) }, signer),
      "another network": otherNetworks,
    };

    const refused = await Promise.all(
      Object.entries(attempts).map(async ([name, each]) => [name, (await open(each)).status]),
    );
    const honest = await open(signLink(url, { until }, signer));

    expect(Object.fromEntries(refused)).toEqual(Object.fromEntries(Object.keys(attempts).map((name) => [name, 403])));
    expect(honest.status).toBe(200);
  });

  test("nothing else of the bucket is opened, however well it is signed", async () => {
    const bucket = "millrace-dev-pages-123456789012";
    await new S3Client(cloud.client).send(new PutObjectCommand({ Bucket: bucket, Key: "notes/secret.txt", Body: "s" }));
    const until = new Date(Date.now() + HOUR_MS);
    const { origin } = new URL(link);

    const outside = await open(signLink(`${origin}/notes/secret.txt`, { until }, signer));
    const missing = await open(signLink(`${origin}/pages/none/index.html`, { until }, signer));

    expect([outside.status, missing.status]).toEqual([403, 403]);
  });

  test("a run is announced with its links, and without them while none can be signed", async () => {
    const machine = await createTelling(cloud, {
      enabled: true,
      publicKey: web.publicKey,
      keySecretArn: web.keySecretArn,
    });
    const load = { inserted: 1, updated: 2, unchanged: 3, rejected: 0, droppedLine: "", warningLines: "" };
    const input = { load: { ...load, sourcesUnchanged: false, newestDay: "2026-11-28" } };
    const secrets = new SecretsManagerClient(cloud.client);
    const put = (SecretString: string) =>
      secrets.send(new PutSecretValueCommand({ SecretId: web.keySecretArn, SecretString }));

    const well = await runStateMachine(cloud, machine, input);
    await put("no key");
    const broken = await runStateMachine(cloud, machine, input);
    await put(signer.privateKey.export({ type: "pkcs8", format: "pem" }).toString());

    const told = (output: string | undefined) => JSON.parse(output ?? "{}").message;
    expect([well.status, broken.status]).toEqual(["SUCCEEDED", "SUCCEEDED"]);
    expect(told(well.output)).toMatch(
      /^There were 1 inserts and 2 updates\n[\s\S]*\nPage, from 203\.0\.113\.0\/24, until [^\n]+: https:[^\n]+\nPage, from 127\.0\.0\.0\/8, until [^\n]+: https:[^\n]+$/,
    );
    expect(told(broken.output)).toMatch(
      /^There were 1 inserts and 2 updates\n[\s\S]*\nNo link to the page could be signed: the log of millrace-dev-pages-link says why\.$/,
    );
  });

  /** As a browser, but that the emulator listens on the loopback and speaks HTTP. */
  function open(href: string): Promise<Opened> {
    const { host, pathname, search } = new URL(href);
    const { hostname, port } = new URL(cloud.endpoint);
    return new Promise((done, fail) => {
      request({ hostname, port, path: pathname + search, headers: { host } }, async (response) => {
        const parts: Buffer[] = [];
        for await (const part of response) parts.push(part);
        done({ status: response.statusCode ?? 0, headers: response.headers, text: Buffer.concat(parts).toString() });
      })
        .on("error", fail)
        .end();
    });
  }
}

/** The end of the daily feed's machine, as it is synthesized, whose message is its output. Gives its name. */
async function createTelling(cloud: Cloud, web: object): Promise<string> {
  const { etl } = synthesize({ overrides: { pages: { web } } });
  const [covid] = etl.named("aws_sfn_state_machine", "covid");
  // What only Terraform knows is in braces, which mean something else in a message.
  const states = JSON.parse(String(covid?.arguments.definition).replaceAll(/\$\{[^}]*\}/g, "x")).States;
  const functionArn = `arn:aws:lambda:${cloud.region}:${ACCOUNT}:function:millrace-dev-pages-link`;
  const told = {
    Type: "Pass",
    Parameters: { "message.$": states["publish success"].Parameters["Message.$"] },
    End: true,
  };
  const signing = { ...states["sign link"], Resource: "arn:aws:states:::lambda:invoke", Next: "told" };
  signing.Parameters.FunctionName = functionArn;
  const definition = {
    StartAt: "what to tell",
    States: {
      "what to tell": { ...states["what to tell"], Next: "sign link" },
      "sign link": signing,
      "no link": { ...states["no link"], Next: "told" },
      told,
    },
  };
  const roleArn = await new EmulatedRoles(cloud).create("telling", {
    trust: [{ Principal: { Service: "states.amazonaws.com" }, Action: "sts:AssumeRole" }],
    allowed: [{ Action: "lambda:InvokeFunction", Resource: functionArn }],
  });
  await new SFNClient(cloud.client).send(
    new CreateStateMachineCommand({ name: "telling", roleArn, definition: JSON.stringify(definition) }),
  );
  return "telling";
}

function address(link: string): string {
  const { origin, pathname } = new URL(link);
  return origin + pathname;
}
