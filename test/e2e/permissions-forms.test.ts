import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { CreateBucketCommand, GetObjectCommand, PutBucketPolicyCommand, S3Client } from "@aws-sdk/client-s3";
import { createPresignedPost, type PresignedPost } from "@aws-sdk/s3-presigned-post";
import type { Cloud } from "../../scripts/cloud/cloud";
import { cloudMissing, startCloud } from "../support/cloud/cloud";
import { EmulatedRoles, policy, type Session, type Statement } from "../support/cloud/roles/emulated-roles";
import { describeUnless } from "../support/files/real-data";

const MINUTES = 60_000;
const SECOND_MS = 1000;
const BUCKET = "forms";
const PUT: Statement = { Action: "s3:PutObject", Resource: `arn:aws:s3:::${BUCKET}/acme/*` };

describeUnless(cloudMissing, "the emulated AWS takes an object by a form", () => {
  let cloud: Cloud;
  let roles: EmulatedRoles;
  let folder: string;
  let signer: Session;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "millrace-forms-"));
    ({ cloud } = await startCloud({ decisions: join(folder, "decisions.jsonl") }));
    roles = new EmulatedRoles(cloud);
    signer = await roles.session("signs", { allowed: [PUT] });
    const s3 = new S3Client(cloud.client);
    const CreateBucketConfiguration = { LocationConstraint: "eu-central-1" as const };
    await s3.send(new CreateBucketCommand({ Bucket: BUCKET, CreateBucketConfiguration }));
  }, 5 * MINUTES);

  afterAll(async () => {
    await cloud?.stop();
    rmSync(folder, { recursive: true });
  });

  test("that is signed, below its prefix, small enough and in time", async () => {
    // Act
    const { status } = await send(await sign());

    // Assess
    const { Body, Metadata } = await new S3Client(cloud.client).send(
      new GetObjectCommand({ Bucket: BUCKET, Key: "acme/a b+é.csv" }),
    );
    expect(status).toBe(204);
    expect(await Body?.transformToString()).toBe("12345678");
    expect(Metadata).toEqual({});
  });

  test.each<[string, (post: PresignedPost) => PresignedPost, string | undefined, string]>([
    [
      "with another policy",
      (post) => forge(post, { expiration: "2999-01-01T00:00:00Z" }),
      undefined,
      "SignatureDoesNotMatch",
    ],
    [
      "with another key",
      (post) => withFields(post, { key: "acme-other/a" }),
      undefined,
      'Failed: ["starts-with", "$key", "acme/"]',
    ],
    [
      "with another prefix of the same beginning",
      (post) => withFields(post, { key: "acm" }),
      undefined,
      "Condition failed",
    ],
    ["with a field more", (post) => withFields(post, { acl: "public-read" }), undefined, "Extra input fields: acl"],
    [
      "with an encryption of its own",
      (post) => withFields(post, { "x-amz-server-side-encryption": "AES256" }),
      undefined,
      "Extra input fields: x-amz-server-side-encryption",
    ],
    [
      "for another bucket",
      (post) => ({ ...post, url: post.url.replace(BUCKET, "forms2") }),
      undefined,
      'Condition failed: {"bucket"',
    ],
    ["that is too large", (post) => post, "123456789", "EntityTooLarge"],
    ["without a policy", (post) => withFields(post, { Policy: undefined }), undefined, "AccessDenied"],
    ["with a key of nobody", (post) => credential(post, "AKIANOBODY"), undefined, "InvalidAccessKeyId"],
    [
      "without its session",
      (post) => withFields(post, { "X-Amz-Security-Token": undefined }),
      undefined,
      "AccessDenied",
    ],
  ])("and none %s", async (_, change, body, message) => {
    // Act
    const { status, text } = await send(change(await sign()), body);

    // Assess
    expect(text.replaceAll("&quot;", '"').toLowerCase()).toContain(message.toLowerCase());
    expect([400, 403]).toContain(status);
  });

  test("and none when its time is over", async () => {
    // Prepare
    const post = await sign({ Expires: 1 });
    await wait(2 * SECOND_MS);

    // Act
    const { text } = await send(post);

    // Assess
    expect(text).toContain("Policy expired");
  });

  test("and none that its signer may not put, by his own policies or the bucket's", async () => {
    // Prepare
    const beyond = await sign({ Key: below("other/") });
    const denied = policy([
      { ...PUT, Principal: "*", Effect: "Deny", Resource: `arn:aws:s3:::${BUCKET}/acme/denied*` },
    ]);
    await new S3Client(cloud.client).send(new PutBucketPolicyCommand({ Bucket: BUCKET, Policy: denied }));

    // Act
    const answers = [await send(beyond), await send(withFields(await sign(), { key: "acme/denied" }))];

    // Assess
    expect(answers.map(({ status }) => status)).toEqual([403, 403]);
    expect(answers[0]?.text).toContain("not authorized to perform: s3:PutObject");
    expect(answers[1]?.text).toContain("explicit deny in a resource-based policy");
  });

  const sign = (settings: { Expires?: number; Key?: string } = {}) =>
    createPresignedPost(new S3Client({ ...cloud.client, credentials: signer }), {
      ...{ Bucket: BUCKET, Key: below("acme/"), Conditions: [["content-length-range", 0, 8]] },
      ...settings,
    });

  async function send({ url, fields }: PresignedPost, body = "12345678") {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    form.set("file", new Blob([body]), "a b+é.csv");
    const answer = await fetch(url, { method: "POST", body: form });
    return { status: answer.status, text: await answer.text() };
  }
});

/** S3 puts the file's name there. */
function below(prefix: string): string {
  return `${prefix}\${filename}`;
}

/** @param changes undefined takes a field away */
function withFields(post: PresignedPost, changes: Readonly<Record<string, string | undefined>>): PresignedPost {
  const entries = Object.entries({ ...post.fields, ...changes });
  const fields = Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
  return { ...post, fields };
}

function forge(post: PresignedPost, changes: object): PresignedPost {
  const signed = JSON.parse(Buffer.from(post.fields.Policy ?? "", "base64").toString());
  return withFields(post, { Policy: Buffer.from(JSON.stringify({ ...signed, ...changes })).toString("base64") });
}

function credential(post: PresignedPost, accessKeyId: string): PresignedPost {
  const name = "X-Amz-Credential";
  return withFields(post, { [name]: post.fields[name]?.replace(/^[^/]+/, accessKeyId) });
}
