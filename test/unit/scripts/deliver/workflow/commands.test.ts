import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { recordedFile } from "../../../../support/plans/recorded-plans";
import { runProjectScript } from "../../../../support/processes/run-script";

const folder = mkdtempSync(join(tmpdir(), "millrace-commands-"));
afterAll(() => rmSync(folder, { recursive: true }));
const out = join(folder, "drift");
const drift = (...args: readonly string[]) => runProjectScript("deliver/workflow/drift.ts", ["--out", out, ...args]);

describe("drift.ts", () => {
  test("finds none in a plan without changes, and none in what was never deployed", async () => {
    const waiting = join(folder, "etl.json");
    writeFileSync(waiting, '{"waits_for":"network","missing_outputs":[]}');

    await drift(recordedFile("empty"), waiting);

    expect(readFileSync(join(out, "drift"), "utf8")).toBe("false\n");
  });

  test("finds changes, and reports them without secrets", async () => {
    await drift(recordedFile("sensitive"));

    expect(readFileSync(join(out, "drift"), "utf8")).toBe("true\n");
    expect(readFileSync(join(out, "report.md"), "utf8")).toContain("aws_sqs_queue_policy.feed_queue_policy_5E6F7081");
    expect(readFileSync(join(out, "report.md"), "utf8")).not.toContain("swordfish");
  });
});

describe("aws-access.ts", () => {
  const VARIABLES = JSON.stringify({
    DEV_DEPLOY_ROLE_ARN: "arn:aws:iam::111122223333:role/x",
    DEV_AWS_REGION: "eu-west-1",
  });
  const access = (kind: string, variables = VARIABLES) =>
    runProjectScript("deliver/workflow/aws-access.ts", [kind], {
      ENVIRONMENT: "dev",
      VARIABLES: variables,
      GITHUB_OUTPUT: join(folder, "output"),
    });

  test("gives the workflow its role and region", async () => {
    await access("deploy");

    expect(readFileSync(join(folder, "output"), "utf8")).toBe(
      "role=arn:aws:iam::111122223333:role/x\nregion=eu-west-1\n",
    );
  });

  test.each([
    ["plan", VARIABLES, 1, "DEV_PLAN_ROLE_ARN is not set"],
    ["deploy", JSON.stringify({ DEV_DEPLOY_ROLE_ARN: "a\nrole=b" }), 1, "is not a valid value"],
    ["other", VARIABLES, 2, "plan, deploy, destroy"],
  ])("refuses %s of %j", async (kind, variables, code, message) => {
    expect(await access(kind, variables)).toMatchObject({ code, output: expect.stringContaining(message) });
  });
});
