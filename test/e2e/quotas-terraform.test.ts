import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Cloud } from "../../scripts/cloud/cloud";
import { Terraform } from "../../scripts/deliver/terraform/terraform";
import { callCloud } from "../support/cloud/call-cloud";
import { cloudMissing, startCloud } from "../support/cloud/cloud";
import { writeRefusedStack } from "../support/cloud/stacks/refused-stack";
import { describeUnless } from "../support/files/real-data";

const MINUTES = 60_000;

/** docs/operations.md, "What AWS refuses at first", says what to do about each. */
describeUnless(cloudMissing, "Terraform on an AWS that refuses what is right", () => {
  const folder = mkdtempSync(join(tmpdir(), "millrace-refused-"));
  const log = join(folder, "provider.log");
  let cloud: Cloud;
  let terraform: Terraform;

  beforeAll(async () => {
    const refuse = { "fresh-roles": "4", "deleted-queues": "4", "taken-bucket": "taken", concurrency: "10" };
    const started = await startCloud({ refuse: { ...refuse, "deleted-keys": "" } });
    cloud = started.cloud;
    // What is refused and tried again shows in the log of the requests only.
    const env = { ...started.deployment.env, TF_LOG_PROVIDER: "DEBUG", TF_LOG_PATH: log };
    terraform = new Terraform(folder, { env });
    writeRefusedStack(folder);
    await terraform.reinitialise();
  }, 3 * MINUTES);

  afterAll(async () => {
    await cloud?.stop();
    rmSync(folder, { recursive: true });
  });

  test("waits until a role that was just made is known to Lambda, Step Functions and Scheduler", async () => {
    await terraform.apply();

    const refused = [
      "The role defined for the function cannot be assumed by Lambda.",
      "is authorized to assume the provided role.",
      "must allow AWS EventBridge Scheduler to assume the role.",
    ];
    expect(seen(...refused)).toEqual(refused);
  });

  test("waits until the name of a deleted queue is free again", async () => {
    await terraform.apply("-replace=aws_sqs_queue.jobs");

    const refused = "You must wait 4 seconds after deleting a queue";
    expect(seen(refused)).toEqual([refused]);
  });

  test("says that nothing can be reserved of a new account's quota", async () => {
    const { output } = await terraform.run(["apply", "-auto-approve", "-var=reserved=1"], [1]);

    expect(output).toContain("setting Lambda Function (work) concurrency");
    expect(output).toContain("UnreservedConcurrentExecution below its minimum value of [10]");
  });

  test("says which bucket name is taken, and continues with what does not need it", async () => {
    writeRefusedStack(folder, { refused: true });

    const { output } = await terraform.run(["apply", "-auto-approve", "-target=aws_s3_bucket.taken"], [1]);

    expect(output).toMatch(/Error: creating S3 Bucket \(taken\): .*BucketAlreadyExists/);
  });

  test("takes a key that waits for its deletion for gone, until the deletion is cancelled", async () => {
    const [key = ""] = await keys();
    await kms("ScheduleKeyDeletion", { KeyId: key, PendingWindowInDays: 7 });

    const alias = ["apply", "-auto-approve", "-refresh=false", "-target=aws_kms_alias.late"];
    const { output: refused } = await terraform.run(alias, [1]);
    const { output: planned } = await terraform.run(["plan", "-target=aws_kms_key.key"]);
    await kms("CancelKeyDeletion", { KeyId: key });
    await kms("EnableKey", { KeyId: key });

    expect(refused).toMatch(/KMSInvalidStateException: \S+ is\s+pending deletion/);
    expect(planned).toMatch(/aws_kms_key\.key will be created/);
    expect((await terraform.run(["plan", "-target=aws_kms_key.key"])).output).toContain("No changes.");
  });

  /** Those of the texts that an answer had. */
  function seen(...texts: readonly string[]): readonly string[] {
    const requests = readFileSync(log, "utf8");
    return texts.filter((text) => requests.includes(text));
  }

  async function keys(): Promise<readonly string[]> {
    return [...(await kms("ListKeys", {})).matchAll(/"KeyId": ?"([^"]+)"/g)].map(([, id = ""]) => id);
  }

  async function kms(action: string, body: object): Promise<string> {
    const answer = await callCloud(cloud, { service: "kms", target: `TrentService.${action}`, body });
    const text = await answer.text();
    if (!answer.ok) throw new Error(text);
    return text;
  }
});
