import type { Statement } from "../../modules/function/policy";
import { grantSecret } from "../../modules/function/secret-grant";
import { AccessLogBucket } from "../../modules/storage/access-log-bucket";
import { Bucket } from "../../modules/storage/bucket";
import { Key } from "../../modules/storage/key";
import { LedgerTable } from "../../modules/storage/ledger-table";
import { isAllowed } from "./support/iam";
import { DeployedRoles } from "./support/roles";
import { synthesizeConstruct } from "./support/synthesize";

const SECRET = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:rds!db-0a1b2c3d";
const roles = new DeployedRoles("network create/none, database create", {
  feeds: { sales: { source: { bucket: "partner-raw" } } },
});
const endpoints = roles.stacks.network
  .policies()
  .filter(({ type }) => type === "aws_vpc_endpoint")
  .flatMap(({ statements }) => statements.map((statement) => roles.resolve(statement)));

/** What goes through an endpoint of its own; the rest is asked by services, or not from a VPC. */
const BY_ENDPOINT = /^(s3|dynamodb|secretsmanager):/;
const context = { "aws:PrincipalAccount": "111122223333" };
const stopped = (requests: readonly { readonly action: string; readonly resource: string }[]) =>
  requests.filter((request) => !isAllowed(endpoints, { ...request, context }));

describe("the endpoints of a network without a way out", () => {
  test("let through what the roles of functions in it may do", () => {
    const inside = roles.stacks.etl
      .resources("aws_lambda_function")
      .filter(({ arguments: fn }) => fn.vpc_config !== undefined)
      .map(({ arguments: fn }) => /aws_iam_role\.(\w+?)_role_/.exec(String(fn.role))?.[1]);
    const requests = inside.flatMap((name) =>
      roles.stacks.etl
        .policies()
        .filter(({ place }) => place.startsWith(`aws_iam_role_policy.${name}_`))
        .flatMap(({ statements }) => statements.map((statement) => roles.resolve(statement)))
        .flatMap(({ actions, resources }) =>
          actions.flatMap((action) => resources.map((resource) => ({ action, resource }))),
        )
        .filter(({ action }) => BY_ENDPOINT.test(action)),
    );

    expect(inside.length).toBeGreaterThan(4);
    expect(requests.length).toBeGreaterThan(10);
    expect(stopped(requests)).toEqual([]);
  });

  test("let through all that a pipeline of one's own may be granted on buckets, ledgers and the password", () => {
    const granted: Statement[] = [];
    const grantee = { allow: (statement: Statement) => void granted.push(statement) };
    synthesizeConstruct((scope) => {
      const key = new Key(scope, "key", { name: "millrace-prod-x", description: "x" });
      const accessLog = new AccessLogBucket(scope, "log", { name: "millrace-prod-log", retentionDays: 1 });
      const bucket = new Bucket(scope, "bucket", { name: "millrace-prod-x", key, accessLog });
      bucket.grantReadVersions(grantee);
      bucket.grantWrite(grantee);
      bucket.grantList(grantee);
      new LedgerTable(scope, "ledger", { name: "millrace-prod-x", key }).grantReadWrite(grantee);
      grantSecret(grantee, SECRET, undefined);
    });
    const named = (action: string) =>
      ({
        s3: action.endsWith("ListBucket") ? "arn:aws:s3:::millrace-prod-x" : "arn:aws:s3:::millrace-prod-x/a.csv",
        dynamodb: "arn:aws:dynamodb:eu-central-1:111122223333:table/millrace-prod-x",
        secretsmanager: SECRET,
      })[action.split(":")[0] as "s3" | "dynamodb" | "secretsmanager"];
    const actions = granted.flatMap((statement) => statement.actions).filter((action) => BY_ENDPOINT.test(action));

    expect(actions).toContain("s3:GetObjectVersion");
    expect(stopped(actions.map((action) => ({ action, resource: named(action) })))).toEqual([]);
  });

  test("let a bucket of others be read, and not be written", () => {
    const requests = ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"].map((action) => ({
      action,
      resource: "arn:aws:s3:::partner-raw/a.csv",
    }));

    expect(stopped(requests).map(({ action }) => action)).toEqual(["s3:PutObject"]);
    expect(stopped([{ action: "s3:GetObject", resource: "arn:aws:s3:::somebody-elses/a.csv" }])).toHaveLength(1);
  });
});
