import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dev } from "../../../../../config/dev";
import { overrideConfig } from "../../../../../config/load";
import { checkEnvironment } from "../../../../../scripts/deliver/github-check/check-environment";
import { parseVariables } from "../../../../../scripts/deliver/github-check/repository-variables";

const folder = mkdtempSync(join(tmpdir(), "millrace-github-"));
afterAll(() => rmSync(folder, { recursive: true }));

const backendFile = join(folder, "backend.json");
writeFileSync(
  backendFile,
  JSON.stringify({
    bucket: "state",
    lockTable: "locks",
    kmsKeyArn: "arn:aws:kms:eu-central-1:111122223333:key/1",
    region: "eu-central-1",
  }),
);
const config = overrideConfig(dev, { github: { repository: "octo-org/millrace" }, state: { backendFile } });
const role = (kind: string, account = "111122223333") => `arn:aws:iam::${account}:role/bootstrap-millrace-dev-${kind}`;
const variables = {
  DEV_PLAN_ROLE_ARN: role("plan"),
  DEV_DEPLOY_ROLE_ARN: role("deploy"),
  DEV_DESTROY_ROLE_ARN: role("destroy"),
  DEV_AWS_REGION: "eu-central-1",
};

test("variables that fit have no problems", () => {
  expect(checkEnvironment(config, variables)).toEqual([]);
});

test.each([
  [{ DEV_PLAN_ROLE_ARN: role("deploy") }, "DEV_PLAN_ROLE_ARN is arn"],
  [{ DEV_DESTROY_ROLE_ARN: role("destroy", "444455556666") }, "different accounts"],
  [{ DEV_AWS_REGION: "us-east-1" }, "aws.region is eu-central-1"],
  [{ ENVIRONMENTS: "dev" }, "expected a JSON list"],
  [{ ENVIRONMENTS: '["prod"]' }, "does not list dev"],
])("%j is found: %s", (wrong, problem) => {
  expect(checkEnvironment(config, { ...variables, ...wrong })).toEqual([expect.stringContaining(problem)]);
});

test("what is not set, and what is missing in the checkout, is named", () => {
  const bare = overrideConfig(dev, { aws: { accountId: "111122223333" }, state: { backendFile: "none.json" } });

  expect(checkEnvironment(bare, {})).toEqual([
    "DEV_PLAN_ROLE_ARN is not set",
    "DEV_DEPLOY_ROLE_ARN is not set",
    "DEV_DESTROY_ROLE_ARN is not set",
    "DEV_AWS_REGION is not set, but aws.region is eu-central-1",
    expect.stringContaining("github.repository"),
    expect.stringContaining("backend file of dev"),
  ]);
});

test("roles of an account that the configuration does not allow are found", () => {
  const other = overrideConfig(dev, {
    aws: { accountId: "444455556666" },
    github: { repository: "octo-org/millrace" },
    state: { backendFile },
  });

  expect(checkEnvironment(other, variables)).toEqual([expect.stringContaining("aws.accountId is 444455556666")]);
});

test("variables are read as workflows have them, and as gh prints them", () => {
  expect(parseVariables('{"A":"1"}', "test")).toEqual({ A: "1" });
  expect(parseVariables('[{"name":"A","value":"1"}]', "test")).toEqual({ A: "1" });
  expect(() => parseVariables("A=1", "test")).toThrow("gh variable list");
});
