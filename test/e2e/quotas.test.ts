import { resolve } from "node:path";
import { cacheFolder } from "../../scripts/cloud/environment/cache-folder";
import { findCloudProgram } from "../../scripts/cloud/environment/programs";
import { pythonEnvironment } from "../../scripts/cloud/environment/python-environment";
import { runProgram } from "../../scripts/command-line/run-program";
import { describeUnless } from "../support/files/real-data";

const emulator = resolve(__dirname, "../../emulator");
const { path: python, missing } = findCloudProgram("python");

/** What each call came to, under the switches given. */
async function ask(...switches: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const environment = await pythonEnvironment(
    python ?? "",
    `${emulator}/requirements.txt`,
    cacheFolder(),
    () => undefined,
  );
  const script = resolve(__dirname, "../support/cloud/refusals.py");
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: "1" };
  return JSON.parse((await runProgram(environment, [script, emulator, ...switches], { env })).stdout);
}

describeUnless(python === undefined ? `${missing.name} is missing` : undefined, "the emulator's switches", () => {
  const done = expect.stringMatching(/^done$/);
  /** Refused without a switch: no account has other limits of length. */
  const policies = {
    "policy of 6144": done,
    "version of 6144": done,
    "policy of 6145": expect.stringContaining("LimitExceeded"),
    "version of 6145": expect.stringContaining("Cannot exceed quota for PolicySize: 6144"),
    "policy 1 within a role": done,
    "policy 2 within a role": expect.stringContaining("Maximum policy size of 10240 bytes exceeded for role fresh"),
    ...Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`policy ${at + 1} of a role`, done])),
    "policy 11 of a role": expect.stringContaining("Cannot exceed quota for PoliciesPerRole: 10"),
  };

  test("are off until they are asked for", async () => {
    const told = Object.values(await ask()).join("\n");

    expect(told).not.toMatch(/BucketAlreadyExists|QueueDeletedRecently|assumed by Lambda|Unreserved|InvalidState/);
  });

  test("refuse as AWS does, and only for as long", async () => {
    const told = await ask(
      "fresh-roles=2",
      "taken-bucket=taken",
      "concurrency=10",
      "deleted-queues=2",
      "deleted-keys=",
    );

    expect(told).toEqual({
      "taken bucket": expect.stringContaining("BucketAlreadyExists"),
      "other bucket": done,
      "queue at once": expect.stringContaining("QueueDeletedRecently"),
      "role at once": expect.stringContaining("cannot be assumed by Lambda"),
      "queue later": done,
      "role later": done,
      reservation: expect.stringContaining("UnreservedConcurrentExecution below its minimum value of [10]"),
      "living key": done,
      "living key's use": done,
      "deleted key": expect.stringContaining("KMSInvalidStateException"),
      "deleted key's use": expect.stringContaining("KMSInvalidStateException"),
      ...policies,
    });
  });
});
