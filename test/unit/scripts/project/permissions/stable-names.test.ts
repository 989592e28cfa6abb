import { stableName } from "../../../../../scripts/project/permissions/stable-names";

describe("a stable name", () => {
  test.each([
    [
      "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
      "arn:aws:kms:{region}:{account}:key/{id}",
    ],
    [
      "arn:aws:ec2:eu-central-1:123456789012:security-group/sg-0a1b2c3d4e5f60718",
      "arn:aws:ec2:{region}:{account}:security-group/sg-{id}",
    ],
    [
      "arn:aws:s3:::bootstrap-millrace-dev-state-0a1b2c3d/millrace/dev/etl.tfstate",
      "arn:aws:s3:::bootstrap-millrace-dev-state-{id}/millrace/dev/etl.tfstate",
    ],
    [
      "arn:aws:secretsmanager:eu-central-1:123456789012:secret:rds!db-1234abcd-12ab-34cd-56ef-1234567890ab-AbCdEf",
      "arn:aws:secretsmanager:{region}:{account}:secret:rds!db-{id}-{id}",
    ],
    [
      "arn:aws:secretsmanager:eu-central-1:123456789012:secret:millrace-dev-page-key-20261129062308-AbCdEf",
      "arn:aws:secretsmanager:{region}:{account}:secret:millrace-dev-page-key-{time}-{id}",
    ],
    ["arn:aws:s3:::millrace-dev-raw-123456789012", "arn:aws:s3:::millrace-dev-raw-{account}"],
    [
      "arn:aws:lambda:eu-central-1:123456789012:function:millrace-dev-*",
      "arn:aws:lambda:{region}:{account}:function:millrace-dev-*",
    ],
  ])("of %s leaves out what differs from run to run", (name, stable) => {
    expect(stableName(name)).toBe(stable);
  });
});
