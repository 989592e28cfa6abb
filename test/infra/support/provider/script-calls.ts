import { type Call, keyVia, on } from "./resource-calls";
import { modifyInstance } from "./storage";

/** What a request of an AWS SDK asks for, on each resource of a type. */
export interface ScriptCall {
  /** The type that the row is decided for, whose ARN is the calls' resource. */
  readonly type: string;
  readonly calls: readonly Call[];
  /** Whether it is on the bucket of the states, in place of those of the stacks. */
  readonly onState?: true;
}

/**
 * Requests of the scripts that workflows run, by the name of the operation (`ListObjectVersionsCommand`,
 * `paginateDescribeDBSnapshots`). The rights are the Service Authorization Reference's.
 */
export const scriptCalls: Readonly<Record<string, ScriptCall>> = {
  ListObjectVersions: { type: "aws_s3_bucket", calls: ["s3:ListBucketVersions"] },
  ListObjectsV2: { type: "aws_s3_bucket", calls: ["s3:ListBucket"] },
  // Of a data plan, only with dataPlan.rawObjects.
  GetObject: {
    type: "aws_s3_bucket",
    calls: on("arn:aws:s3:::millrace-prod-raw-111122223333/covid/cases/2020-01-21/0a1b.csv", "s3", "GetObject"),
  },
  // Of a rehearsal: its export lies beside the states.
  PutObject: {
    type: "aws_s3_bucket",
    calls: on("arn:aws:s3:::{bucket}/millrace/prod/exports/2026-11-30T04-00-00Z/export.json", "s3", "PutObject"),
    onState: true,
  },
  Invoke: {
    type: "aws_lambda_function",
    calls: on("arn:aws:lambda:eu-central-1:111122223333:function:millrace-prod-export", "lambda", "InvokeFunction"),
  },
  Scan: {
    type: "aws_dynamodb_table",
    calls: ["dynamodb:Scan", ...keyVia("dynamodb", "{server_side_encryption.kms_key_arn}", "Decrypt")],
  },
  ListMultipartUploads: { type: "aws_s3_bucket", calls: ["s3:ListBucketMultipartUploads"] },
  DeleteObjects: {
    type: "aws_s3_bucket",
    calls: on("arn:aws:s3:::{bucket}/covid/2020.csv", "s3", "DeleteObject", "DeleteObjectVersion"),
  },
  AbortMultipartUpload: {
    type: "aws_s3_bucket",
    calls: on("arn:aws:s3:::{bucket}/covid/2020.csv", "s3", "AbortMultipartUpload"),
  },
  GetQueueAttributes: { type: "aws_sqs_queue", calls: ["sqs:GetQueueAttributes"] },
  DescribeDBSnapshots: {
    type: "aws_db_instance",
    calls: [
      "rds:DescribeDBSnapshots",
      ...on("arn:aws:rds:eu-central-1:111122223333:snapshot:*", "rds", "DescribeDBSnapshots"),
    ],
  },
  DescribeDBInstances: { type: "aws_db_instance", calls: ["rds:DescribeDBInstances"] },
  ModifyDBInstance: { type: "aws_db_instance", calls: modifyInstance },
  DescribeTable: { type: "aws_dynamodb_table", calls: ["dynamodb:DescribeTable"] },
  UpdateTable: { type: "aws_dynamodb_table", calls: ["dynamodb:UpdateTable"] },
  DescribeOrderableDBInstanceOptions: {
    type: "aws_db_instance",
    calls: on("*", "rds", "DescribeOrderableDBInstanceOptions"),
  },
  GetRole: {
    type: "aws_db_instance",
    calls: ["", "aws-service-role/rds.amazonaws.com/"].flatMap((path) =>
      on(`arn:aws:iam::111122223333:role/${path}AWSServiceRoleForRDS`, "iam", "GetRole"),
    ),
  },
  GetAccountSettings: { type: "aws_lambda_function", calls: on("*", "lambda", "GetAccountSettings") },
  GetFunctionConcurrency: { type: "aws_lambda_function", calls: ["lambda:GetFunctionConcurrency"] },
  ListSubscriptionsByTopic: { type: "aws_sns_topic", calls: ["sns:ListSubscriptionsByTopic"] },
  StartExecution: { type: "aws_sfn_state_machine", calls: ["states:StartExecution"] },
  DescribeExecution: {
    type: "aws_sfn_state_machine",
    calls: on("arn:aws:states:eu-central-1:111122223333:execution:{name}:0a1b", "states", "DescribeExecution"),
  },
};

/** Requests of those scripts that need no right of the role, and why. */
export const withoutRight: Readonly<Record<string, string>> = {
  GetCallerIdentity: "No policy can deny it (GetCallerIdentity, STS API reference).",
  ListOpenIDConnectProviders: "The pre-flight asks before the bootstrap alone, which makes the roles.",
};

const states = ["network", "etl"].map((stack) => `arn:aws:s3:::{bucket}/millrace/prod/${stack}.tfstate`);
/** `bucket/key`, of the lock or, with `-md5`, of the digest. */
const item = (name: string, state: string, end: string) => ({
  action: `dynamodb:${name}`,
  on: "arn:aws:dynamodb:eu-central-1:111122223333:table/bootstrap-millrace-prod-state",
  context: { "dynamodb:LeadingKeys": `${state.replace("arn:aws:s3:::", "")}${end}` },
});
/** Its id in these tests is its address (test/infra/addresses/state-backend.txt). */
const stateKey = "arn:aws:kms:eu-central-1:111122223333:key/state_key_5FD9E39E";
const uses = (name: string) => [...keyVia("s3", stateKey, name), ...keyVia("dynamodb", stateKey, name)];

/** Terraform's own, on the states of the deployed stacks: hashicorp/terraform, internal/backend/remote-state/s3. */
export const stateCalls: Readonly<Record<"read" | "write", readonly Call[]>> = {
  read: [
    ...on("arn:aws:s3:::{bucket}", "s3", "ListBucket"),
    ...states.flatMap((state) => on(state, "s3", "GetObject")),
    ...states.map((state) => item("GetItem", state, "-md5")),
    ...uses("Decrypt"),
  ],
  write: [
    ...states.flatMap((state) => [
      ...on(state, "s3", "PutObject"),
      ...on(`${state}.tflock`, "s3", "GetObject", "PutObject", "DeleteObject"),
      ...["GetItem", "PutItem", "DeleteItem"].flatMap((name) => [item(name, state, ""), item(name, state, "-md5")]),
    ]),
    ...on(
      "arn:aws:dynamodb:eu-central-1:111122223333:table/bootstrap-millrace-prod-state",
      "dynamodb",
      "DescribeTable",
    ),
    ...uses("Decrypt"),
    ...uses("GenerateDataKey"),
  ],
};
