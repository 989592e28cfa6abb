import { ServiceRole } from "../../../modules/function/service-role";
import { Key } from "../../../modules/storage/key";
import { LedgerTable } from "../../../modules/storage/ledger-table";
import { synthesizeConstruct } from "../support/synthesize";

const synthesizeTable = (protect?: boolean) =>
  synthesizeConstruct((scope) => {
    const key = new Key(scope, "key", { name: "feeds", description: "Of the test." });
    const table = new LedgerTable(scope, "ledger", { name: "ledger", key, protect });
    const worker = { name: "worker", description: "Of the test.", service: "lambda.amazonaws.com" };
    table.grantReadWrite(new ServiceRole(scope, "worker", worker));
  });

describe("LedgerTable", () => {
  test("is found by batch and name, paid by use, restorable, encrypted, and forgets nothing", () => {
    const table = synthesizeTable().only("aws_dynamodb_table");

    expect(table).toMatchObject({
      billing_mode: "PAY_PER_REQUEST",
      hash_key: "batch",
      range_key: "name",
      attribute: [
        { name: "batch", type: "S" },
        { name: "name", type: "S" },
      ],
      point_in_time_recovery: { enabled: true },
      server_side_encryption: { enabled: true, kms_key_arn: expect.stringMatching(/^\$\{aws_kms_key\.key_/) },
    });
    expect(table.ttl).toEqual({ attribute_name: "expires", enabled: false });
  });

  test("cannot be deleted unless configured", () => {
    expect(synthesizeTable().only("aws_dynamodb_table").deletion_protection_enabled).toBe(true);
    expect(synthesizeTable(false).only("aws_dynamodb_table").deletion_protection_enabled).toBe(false);
  });

  test("grants items and queries, no scan, and what DynamoDB does with the key", () => {
    const [policy] = synthesizeTable()
      .policies()
      .filter(({ place }) => place.startsWith("aws_iam_role_policy."));

    expect(policy?.statements.flatMap(({ actions }) => actions)).toEqual([
      ...["dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"],
      // "Authorizing use of your customer managed key", DynamoDB developer guide.
      ...["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
    ]);
    expect(policy?.statements.find(({ actions }) => actions.includes("kms:Decrypt"))?.conditions).toEqual({
      StringEquals: { "kms:ViaService": [expect.stringMatching(/^dynamodb\..*\.amazonaws\.com$/)] },
    });
  });
});
