import type { Construct } from "constructs";
import { Account } from "../../account";
import type { Conditions, Statement } from "../../function/policy";
import { type AccessScope, actions, tagged } from "./access";
import { RDS_SECRET_OF } from "./storage-access";

/** The roles of people: readers look, operators also act. */
export type PersonKind = "reader" | "operator";

/**
 * The AWS permissions of each `npm run ops` command, and who may run it: an operator has all permissions of a reader.
 */
export type PeopleAccess = Readonly<Record<PersonKind, Readonly<Record<string, readonly Statement[]>>>>;

/**
 * What a link of `upload-link` needs of its signer, in addition to an operator's permissions: a separate policy, since
 * the prefixes of all partners do not fit into an operator's (IAM allows 6,144 characters).
 *
 * @param linked prefixes of partners
 */
export function linkAccess(scope: Construct, access: AccessScope, linked: readonly string[]): readonly Statement[] {
  const account = Account.of(scope);
  const incoming = incomingOf(account, access);
  return [
    { actions: actions("s3", "PutObject"), resources: linked.map((below) => `${incoming}/${below}*`) },
    {
      actions: actions("kms", "GenerateDataKey"),
      resources: [account.arn("kms", "key/*")],
      conditions: keyThrough(account, access, "s3"),
    },
  ];
}

function incomingOf(account: Account, access: AccessScope): string {
  return bucketOf(account, access, "incoming");
}

function bucketOf(account: Account, { prefix }: AccessScope, kind: "incoming" | "pages" | "raw"): string {
  return `arn:${account.partition}:s3:::${prefix}-${kind}-${account.id}`;
}

const networkLists = actions(
  "ec2",
  ...["DescribeAccountAttributes", "DescribeAvailabilityZones", "DescribeSecurityGroups", "DescribeSubnets"],
  "DescribeVpcs",
);

/** With one of our keys, through these services only: nobody decrypts directly. */
function keyThrough(account: Account, { tags }: AccessScope, ...services: readonly string[]): Conditions {
  const hosts = services.map((service) => `${service}.${account.region}.amazonaws.com`);
  const [first = "", ...others] = hosts;
  return {
    StringEquals: {
      ...tagged("ResourceTag", tags).StringEquals,
      "kms:ViaService": others.length === 0 ? first : hosts,
    },
  };
}

/** Add each new command of `scripts/ops` here; otherwise `test/infra/people.test.ts` fails. */
export function peopleAccess(scope: Construct, access: AccessScope): PeopleAccess {
  const { prefix } = access;
  const account = Account.of(scope);
  const keys = [account.arn("kms", "key/*")];
  const incoming = incomingOf(account, access);
  const pages = bucketOf(account, access, "pages");
  const raw = bucketOf(account, access, "raw");
  const through = (...services: readonly string[]) => keyThrough(account, access, ...services);
  const machines = [account.arn("states", `stateMachine:${prefix}-*`)];
  const runs = [account.arn("states", `execution:${prefix}-*:*`)];
  const queues = [account.arn("sqs", `${prefix}-*`)];

  const findMachines: Statement = {
    // The list action supports no resources.
    actions: actions("states", "ListStateMachines"),
    resources: ["*"],
  };
  const listRuns = [findMachines, { actions: actions("states", "ListExecutions"), resources: machines }];
  const readRuns: Statement = {
    actions: actions("states", "DescribeExecution", "GetExecutionHistory"),
    resources: runs,
  };
  const countMessages: Statement = { actions: actions("sqs", "GetQueueUrl", "GetQueueAttributes"), resources: queues };
  const readLogs: Statement = {
    actions: actions("logs", "FilterLogEvents"),
    resources: [account.arn("logs", `log-group:/aws/lambda/${prefix}-*`)],
  };
  const askDatabase: Statement = {
    actions: actions("lambda", "InvokeFunction"),
    resources: [account.arn("lambda", `function:${prefix}-sql`)],
  };
  const startRuns: Statement = { actions: actions("states", "StartExecution"), resources: machines };
  // Messages, files, the ledger, and a restored database with its password; one statement for all, since IAM limits the
  // characters.
  const useKeys: Statement = {
    actions: actions("kms", "Decrypt", "DescribeKey", "Encrypt", "GenerateDataKey*", "ReEncrypt*"),
    resources: keys,
    conditions: through("dynamodb", "rds", "s3", "secretsmanager", "sqs"),
  };
  const sendMessages: readonly Statement[] = [
    // Only events of files: consumers' messages are sent by `orders`.
    { actions: actions("sqs", "SendMessage"), resources: [account.arn("sqs", `${prefix}-*-files`)] },
    useKeys,
  ];
  const useLedger: Statement = {
    actions: actions("dynamodb", "Scan", "Query", "GetItem", "PutItem", "DeleteItem"),
    resources: [account.arn("dynamodb", `table/${prefix}-orders-ledger`)],
  };
  // S3 says that an object is missing only to callers that may list its bucket.
  const listIncoming: Statement = { actions: actions("s3", "ListBucket"), resources: [incoming] };
  const readVersions: Statement = { actions: actions("s3", "GetObjectVersion"), resources: [`${incoming}/*`] };
  const inRds = (...resources: readonly string[]) => resources.map((resource) => account.arn("rds", resource));
  return {
    reader: {
      list: [
        ...listRuns,
        countMessages,
        // The list of schedules supports no resources; it shows their states, not their inputs.
        { actions: actions("scheduler", "ListSchedules"), resources: ["*"] },
        {
          actions: actions("sns", "ListSubscriptionsByTopic"),
          resources: ["notifications", "*-notifications"].map((name) => account.arn("sns", `${prefix}-${name}`)),
        },
      ],
      status: [...listRuns, readRuns, countMessages, readLogs],
      logs: [readLogs],
      runs: listRuns,
      sql: [askDatabase],
      "as-of": [askDatabase],
      revisions: [askDatabase],
      rejected: [askDatabase],
      audit: [readLogs],
      page: [
        // Without ListBucket, S3 answers "access denied" for a page that does not exist yet.
        { actions: actions("s3", "ListBucket"), resources: [pages] },
        { actions: actions("s3", "GetObject"), resources: [`${pages}/pages/*`] },
        { actions: actions("kms", "Decrypt"), resources: keys, conditions: through("s3") },
      ],
    },
    operator: {
      restore: [
        { actions: actions("rds", "DescribeDBInstances"), resources: inRds(`db:${prefix}-etl*`) },
        {
          actions: actions("rds", "DescribeDBSnapshots"),
          resources: inRds(`snapshot:${prefix}-*`, `snapshot:rds:${prefix}-*`),
        },
        {
          actions: actions("rds", "RestoreDBInstanceToPointInTime", "RestoreDBInstanceFromDBSnapshot"),
          resources: inRds(
            ...[`db:${prefix}-etl`, `db:${prefix}-etl-restored`, `pg:${prefix}-*`, `subgrp:${prefix}-*`],
            ...["og:default:postgres-*", `snapshot:${prefix}-*`, `snapshot:rds:${prefix}-*`],
          ),
        },
        // RDS calls these EC2 actions with the permissions of the instance's creator (AmazonRDSFullAccess).
        { actions: networkLists, resources: ["*"] },
        // For the new instance: either name, since the other one is in use (config/names.ts). The restore sets the tag.
        {
          actions: actions("rds", "AddTagsToResource"),
          resources: inRds(`db:${prefix}-etl`, `db:${prefix}-etl-restored`),
          conditions: { Null: { "aws:RequestTag/RestoredFrom": "false" } },
        },
        // RDS creates its password with the restorer's permissions, which do not allow reading it.
        {
          actions: actions("secretsmanager", "CreateSecret", "TagResource"),
          resources: [account.arn("secretsmanager", "secret:rds!db-*")],
          conditions: { StringLikeIfExists: { [RDS_SECRET_OF]: account.arn("rds", `db:${prefix}-*`) } },
        },
        useKeys,
        // RDS uses the storage's key with the restorer's permissions ("AWS KMS key management", RDS user guide).
        {
          actions: actions("kms", "CreateGrant"),
          resources: keys,
          conditions: { ...through("rds"), Bool: { "kms:GrantIsForAWSResource": "true" } },
        },
      ],
      start: [findMachines, startRuns, readRuns],
      replay: [
        ...listRuns,
        readRuns,
        startRuns,
        countMessages,
        ...sendMessages,
        listIncoming,
        { actions: actions("s3", "GetObject"), resources: [`${incoming}/*`] },
        // `--prove`: versions that were replaced since, and downloads by their hash; corrected rows stay closed.
        { actions: actions("s3", "ListBucketVersions"), resources: [incoming] },
        readVersions,
        { actions: actions("s3", "ListBucket"), resources: [raw] },
        { actions: actions("s3", "GetObject"), resources: ["cases", "recoveries"].map((name) => `${raw}/*/${name}/*`) },
      ],
      backfill: [...listRuns, readRuns, startRuns, listIncoming, askDatabase],
      mend: [
        findMachines,
        startRuns,
        readRuns,
        { actions: actions("s3", "PutObject"), resources: [`${raw}/*/mends/*`] },
        useKeys,
      ],
      // Of orders: the plan is made from ledger and files, and the function that sends is asked by its queue.
      undo: [
        ...[findMachines, startRuns, readRuns, countMessages, ...sendMessages],
        ...[useLedger, listIncoming, readVersions],
      ],
      redrive: [
        findMachines,
        startRuns,
        countMessages,
        ...sendMessages,
        {
          actions: actions("sqs", "ReceiveMessage", "DeleteMessage", "StartMessageMoveTask"),
          resources: [account.arn("sqs", `${prefix}-*dead-letters`)],
        },
      ],
      "upload-link": [findMachines, countMessages],
      forget: [
        countMessages,
        useLedger,
        { actions: actions("s3", "ListBucketVersions"), resources: [incoming] },
        readVersions,
        { actions: actions("s3", "PutObject"), resources: [`${incoming}/rejected/*`] },
        {
          actions: actions("s3", "DeleteObjectVersion"),
          resources: [`${incoming}/rejected/*`, `${incoming}/messages/*`],
        },
        useKeys,
      ],
    },
  };
}
