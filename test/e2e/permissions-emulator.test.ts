import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { CloudWatchLogsClient, DescribeLogStreamsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { DescribeDBInstancesCommand, RDSClient } from "@aws-sdk/client-rds";
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { CreateQueueCommand, SendMessageCommand, SetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import * as z from "zod";
import type { Cloud } from "../../scripts/cloud/cloud";
import { callCloud } from "../support/cloud/call-cloud";
import { cloudMissing, startCloud } from "../support/cloud/cloud";
import { ACCOUNT, EmulatedRoles, policy, type Session, type Statement } from "../support/cloud/roles/emulated-roles";
import { describeUnless } from "../support/files/real-data";
import { LACKING, NAMED_OTHERWISE, UNSEEN } from "../support/models/unseen-requests";

const MINUTES = 60_000;
const REGION = "eu-central-1";
const BUCKET = "permissions";
const OBJECTS = `arn:aws:s3:::${BUCKET}/*`;
const QUEUE = `arn:aws:sqs:${REGION}:${ACCOUNT}:permissions`;
const READ: Statement = { Action: "s3:GetObject", Resource: OBJECTS };

describeUnless(cloudMissing, "the emulated AWS enforces permissions", () => {
  let cloud: Cloud;
  let roles: EmulatedRoles;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "millrace-permissions-"));
    ({ cloud } = await startCloud({ decisions: join(folder, "decisions.jsonl") }));
    roles = new EmulatedRoles(cloud);
    const s3 = new S3Client(cloud.client);
    await s3.send(
      new CreateBucketCommand({ Bucket: BUCKET, CreateBucketConfiguration: { LocationConstraint: REGION } }),
    );
    await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: "a", Body: "a" }));
    await new SQSClient(cloud.client).send(new CreateQueueCommand({ QueueName: "permissions" }));
  }, 5 * MINUTES);

  afterAll(async () => {
    await cloud?.stop();
    rmSync(folder, { recursive: true });
  });

  describe("an action is allowed", () => {
    test("by an identity policy", async () => {
      // Prepare
      const session = await roles.session("reads", { allowed: [READ] });

      // Act
      const { Body } = await read(session);

      // Assess
      expect(await Body?.transformToString()).toBe("a");
    });

    test("by the resource's policy alone", async () => {
      // Prepare
      const session = await roles.session("sends-by-queue");
      const principal = { AWS: `arn:aws:iam::${ACCOUNT}:role/sends-by-queue` };
      const Policy = policy([{ Principal: principal, Action: "sqs:SendMessage", Resource: QUEUE }]);
      const QueueUrl = `${cloud.endpoint}/${ACCOUNT}/permissions`;
      await new SQSClient(cloud.client).send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));

      // Act
      const sent = await client(SQSClient, session).send(new SendMessageCommand({ QueueUrl, MessageBody: "a" }));

      // Assess
      expect(sent.MessageId).toBeDefined();
    });
  });

  describe("an action is refused", () => {
    test.each<[string, string, Parameters<EmulatedRoles["session"]>[1], readonly Statement[] | undefined]>([
      ["by nothing that allows it", "because no identity-based policy allows the s3:GetObject action", {}, undefined],
      [
        "by a boundary that does not allow it",
        "because no permissions boundary allows the s3:GetObject action",
        { allowed: [READ], boundary: [{ Action: "s3:PutObject", Resource: "*" }] },
        undefined,
      ],
      [
        "by a deny of its own",
        "with an explicit deny in an identity-based policy",
        { allowed: [READ, { ...READ, Effect: "Deny" }] },
        undefined,
      ],
      [
        "by the session's policy",
        "because no session policy allows the s3:GetObject action",
        { allowed: [READ] },
        [{ Action: "s3:PutObject", Resource: "*" }],
      ],
      [
        "by a condition that does not hold",
        "because no identity-based policy allows the s3:GetObject action",
        { allowed: [{ ...READ, Condition: { StringEquals: { "aws:PrincipalTag/team": "a" } } }] },
        undefined,
      ],
    ])("%s", async (title, reason, settings, sessionPolicy) => {
      // Prepare
      const name = title.replaceAll(" ", "-");
      const session = await roles.session(name, settings, sessionPolicy);

      // Act
      const refused = read(session);

      // Assess
      const who = `User: arn:aws:sts::${ACCOUNT}:assumed-role/${name}/test`;
      const what = `is not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::${BUCKET}/a"`;
      await expect(refused).rejects.toMatchObject({ name: "AccessDenied", message: `${who} ${what} ${reason}` });
    });

    test("by a boundary that does not exist", async () => {
      // Prepare
      const session = await roles.session("bounded-by-nothing", { allowed: [READ] });
      const PermissionsBoundary = `arn:aws:iam::${ACCOUNT}:policy/nothing`;
      const parameters = { Action: "PutRolePermissionsBoundary", Version: "2010-05-08", PermissionsBoundary };
      const body = new URLSearchParams({ ...parameters, RoleName: "bounded-by-nothing" });
      await callCloud(cloud, { service: "iam", body });

      // Act
      const refused = read(session);

      // Assess
      const message = expect.stringContaining("with an explicit deny in a permissions boundary");
      await expect(refused).rejects.toMatchObject({ name: "AccessDenied", message });
    });

    test("by the resource's policy, whatever the identity's say", async () => {
      // Prepare
      const session = await roles.session("denied-by-bucket", { allowed: [{ Action: "s3:*", Resource: "*" }] });
      const Resource = "arn:aws:s3:::permissions-denied/*";
      await createBucket("permissions-denied");
      const Policy = policy([{ Effect: "Deny", Principal: "*", Action: "s3:PutObject", Resource }]);
      await new S3Client(cloud.client).send(new PutBucketPolicyCommand({ Bucket: "permissions-denied", Policy }));

      // Act
      const put = { Bucket: "permissions-denied", Key: "a", Body: "a" };
      const byRole = () => client(S3Client, session).send(new PutObjectCommand(put));
      const byAdministrator = () => new S3Client(cloud.client).send(new PutObjectCommand(put));

      // Assess
      const message = expect.stringContaining("with an explicit deny in a resource-based policy");
      await expect(byRole()).rejects.toMatchObject({ name: "AccessDenied", message });
      await expect(byAdministrator()).rejects.toMatchObject({ name: "AccessDenied", message });
    });

    test("without an identifier, unless it is allowed on all", async () => {
      // Prepare
      const db = `arn:aws:rds:${REGION}:${ACCOUNT}:db`;
      const few = await roles.session("lists-few", { allowed: [{ Action: "rds:*", Resource: `${db}:dev-*` }] });
      const all = await roles.session("lists-all", { allowed: [{ Action: "rds:*", Resource: `${db}:*` }] });

      // Act
      const refused = () => client(RDSClient, few).send(new DescribeDBInstancesCommand({}));
      const allowed = await client(RDSClient, all).send(new DescribeDBInstancesCommand({}));

      // Assess
      const message = expect.stringContaining(`rds:DescribeDBInstances on resource: ${db}:* because`);
      await expect(refused()).rejects.toMatchObject({ name: "AccessDenied", message });
      expect(allowed.DBInstances).toEqual([]);
    });

    test("on what the path names, whatever bucket the Host does", async () => {
      // Prepare
      const name = "reads-by-host";
      const session = await roles.session(name, { allowed: [{ Action: "s3:*", Resource: "arn:aws:s3:::a" }] });
      const authorization = `AWS4-HMAC-SHA256 Credential=${session.accessKeyId}/20260101/${REGION}/s3/aws4_request`;
      const headers = {
        host: `${BUCKET}.s3.amazonaws.com`,
        authorization,
        "x-amz-security-token": session.sessionToken,
      };

      // Act
      const [answer] = await once(get(`${cloud.endpoint}/a`, { headers }), "response");

      // Assess
      expect([answer.statusCode, await text(answer)]).toEqual([404, expect.stringContaining("NoSuchBucket")]);
    });

    test.each(["unknown key", "token of another session"])("with an %s", async (title) => {
      // Prepare
      const session = await roles.session(title.replaceAll(" ", "-"), { allowed: [READ] });
      const other = await roles.session(`other-${title.replaceAll(" ", "-")}`);
      const wrong = title === "unknown key" ? { accessKeyId: "AKIAUNKNOWN" } : { sessionToken: other.sessionToken };

      // Act
      const refused = read({ ...session, ...wrong });

      // Assess
      await expect(refused).rejects.toMatchObject({ name: "InvalidClientTokenId" });
    });

    test("when the table of permissions does not know it, whoever asks, and the record says so", async () => {
      // Prepare
      const credentials = await roles.session("asks-what-nobody-knows", { allowed: [{ Action: "*", Resource: "*" }] });
      const call = { service: "ssm", target: "AmazonSSM.GetParameters", body: {} };

      // Act
      const answers = [await callCloud(cloud, { ...call, credentials }), await callCloud(cloud, call)];

      // Assess
      expect(answers.map(({ status }) => status)).toEqual([400, 400]);
      for (const principal of [`arn:aws:iam::${ACCOUNT}:role/asks-what-nobody-knows`, "administrator"]) {
        expect(unknownOf(principal)).toContainEqual(
          expect.objectContaining({ action: expect.stringContaining("ssm:") }),
        );
      }
    });

    test.each(UNSEEN)(
      "when the table finds nothing to check, whoever asks, and the record says so: %s",
      async (title, call, says) => {
        // Prepare
        const name = title.replaceAll(/[ ,]+/g, "-");
        const credentials = await roles.session(name, { allowed: [{ Action: "*", Resource: "*" }] });
        const before = unknownOf("administrator").length;

        // Act
        const answers = [await callCloud(cloud, { ...call, credentials }), await callCloud(cloud, call)];

        // Assess
        for (const answer of answers)
          expect([answer.ok, await answer.text()]).toEqual([false, expect.stringMatching(says)]);
        expect(unknownOf(`arn:aws:iam::${ACCOUNT}:role/${name}`)).toHaveLength(1);
        expect(unknownOf("administrator")).toHaveLength(before + 1);
      },
    );

    test.each(LACKING)("for what it lacks, as AWS says it: %s", async (_, call, says) => {
      // Act
      const answer = await callCloud(cloud, call);

      // Assess
      expect([answer.status, await answer.text()]).toEqual([400, expect.stringMatching(says)]);
    });

    test("for what it lacks, as S3 says it", async () => {
      // Act
      const Delete = { Objects: [] };
      const refused = new S3Client(cloud.client).send(new DeleteObjectsCommand({ Bucket: BUCKET, Delete }));

      // Assess
      await expect(refused).rejects.toMatchObject({ name: "MalformedXML" });
    });

    test.each(NAMED_OTHERWISE)("on what is named otherwise: %s", async (title, call, says) => {
      // Prepare
      const credentials = await roles.session(title.replaceAll(" ", "-"));

      // Act
      const answer = await callCloud(cloud, { ...call, credentials });

      // Assess
      expect([answer.ok, await answer.text()]).toEqual([false, expect.stringMatching(says)]);
    });
  });

  test.each<[string, string, (session: Session) => Promise<unknown>]>([
    ["REST-XML", "AccessDenied", (session) => read(session)],
    [
      "query XML",
      "AuthorizationErrorException",
      (session) => {
        const TopicArn = `arn:aws:sns:${REGION}:${ACCOUNT}:any`;
        return client(SNSClient, session).send(new PublishCommand({ TopicArn, Message: "a" }));
      },
    ],
    [
      "query XML of RDS",
      "AccessDenied",
      (session) => client(RDSClient, session).send(new DescribeDBInstancesCommand({})),
    ],
    [
      "JSON 1.0",
      "AccessDeniedException",
      (session) => {
        const get = new GetItemCommand({ TableName: "any", Key: { id: { S: "a" } } });
        return client(DynamoDBClient, session).send(get);
      },
    ],
    [
      "JSON 1.0 that was query XML once",
      "AccessDenied",
      (session) => {
        const QueueUrl = `${cloud.endpoint}/${ACCOUNT}/any`;
        return client(SQSClient, session).send(new SendMessageCommand({ QueueUrl, MessageBody: "a" }));
      },
    ],
    [
      "JSON 1.1",
      "AccessDeniedException",
      (session) => client(CloudWatchLogsClient, session).send(new DescribeLogStreamsCommand({ logGroupName: "any" })),
    ],
    [
      "JSON of Secrets Manager",
      "AccessDeniedException",
      (session) => client(SecretsManagerClient, session).send(new GetSecretValueCommand({ SecretId: "any" })),
    ],
    [
      "JSON of Step Functions",
      "AccessDeniedException",
      (session) => {
        const stateMachineArn = `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:any`;
        return client(SFNClient, session).send(new StartExecutionCommand({ stateMachineArn }));
      },
    ],
  ])("the AWS SDK understands a refusal in %s", async (protocol, name, call) => {
    // Prepare
    const session = await roles.session(`protocol-${protocol.replaceAll(/[ .]/g, "-")}`);

    // Act
    const refused = call(session);

    // Assess
    await expect(refused).rejects.toMatchObject({
      name,
      message: expect.stringMatching(/^User: arn:aws:sts::.* is not authorized to perform: /),
    });
  });

  test("what was deleted is like what never was, and an older version is read as it is encrypted", async () => {
    // Prepare
    const bucket = "permissions-versions";
    const Resource = [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`];
    const allowed = { Action: ["s3:ListBucket", "s3:GetObject", "s3:GetObjectVersion"], Resource };
    const session = await roles.session("reads-deleted", { allowed: [allowed] });
    const [own, s3] = [client(S3Client, session), new S3Client(cloud.client)];
    await createBucket(bucket);
    const VersioningConfiguration = { Status: "Enabled" } as const;
    await s3.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration }));
    const object = { Bucket: bucket, Key: "a" };
    const { VersionId } = await s3.send(new PutObjectCommand({ ...object, Body: "before" }));
    await s3.send(new DeleteObjectCommand(object));

    // Act
    const deleted = own.send(new GetObjectCommand(object));
    await expect(deleted).rejects.toMatchObject({ name: "NoSuchKey" });
    const before = await own.send(new GetObjectCommand({ ...object, VersionId }));

    // Assess
    expect(await before.Body?.transformToString()).toBe("before");
    expect(unknownOf(`arn:aws:iam::${ACCOUNT}:role/reads-deleted`)).toEqual([]);
  });

  test("EC2's and Lambda's refusals are theirs", async () => {
    // Prepare
    const credentials = await roles.session("nothing-of-ec2-and-lambda");
    const body = new URLSearchParams({ Action: "DescribeVpcs", Version: "2016-11-15" });

    // Act
    const ec2 = await callCloud(cloud, { service: "ec2", body, credentials });
    const lambda = await callCloud(cloud, {
      service: "lambda",
      path: "/2015-03-31/functions/",
      method: "GET",
      credentials,
    });

    // Assess
    expect([ec2.status, await ec2.text()]).toEqual([
      403,
      expect.stringContaining(
        "<Code>UnauthorizedOperation</Code><Message>You are not authorized to perform this operation.",
      ),
    ]);
    expect([lambda.status, lambda.headers.get("x-amzn-errortype")]).toEqual([403, "AccessDeniedException"]);
  });

  describe("what is encrypted takes the right to the key", () => {
    let key: string;

    beforeAll(async () => {
      const response = await callCloud(cloud, { service: "kms", target: "TrentService.CreateKey", body: {} });
      key = z.object({ KeyMetadata: z.object({ Arn: z.string() }) }).parse(await response.json()).KeyMetadata.Arn;
    });

    test("for an object", async () => {
      // Prepare
      const write: Statement = { Action: ["s3:PutObject", "s3:GetObject"], Resource: OBJECTS };
      const via = { StringEquals: { "kms:ViaService": `s3.${REGION}.amazonaws.com` } };
      const use: Statement = { Action: ["kms:GenerateDataKey", "kms:Decrypt"], Resource: key, Condition: via };
      const without = await roles.session("writes-without-key", { allowed: [write] });
      const having = await roles.session("writes-with-key", { allowed: [write, use] });
      const put = new PutObjectCommand({
        Bucket: BUCKET,
        Key: "encrypted",
        Body: "a",
        ServerSideEncryption: "aws:kms",
        SSEKMSKeyId: key,
      });

      // Act
      const refused = client(S3Client, without).send(put);
      await expect(refused).rejects.toMatchObject({
        message: expect.stringContaining(`kms:GenerateDataKey on resource: ${key}`),
      });
      await client(S3Client, having).send(put);
      const unread = client(S3Client, without).send(new GetObjectCommand({ Bucket: BUCKET, Key: "encrypted" }));

      // Assess
      await expect(unread).rejects.toMatchObject({
        message: expect.stringContaining(`kms:Decrypt on resource: ${key}`),
      });
      const got = await client(S3Client, having).send(new GetObjectCommand({ Bucket: BUCKET, Key: "encrypted" }));
      expect(await got.Body?.transformToString()).toBe("a");
    });

    test("for a queue", async () => {
      // Prepare
      const send: Statement = { Action: "sqs:SendMessage", Resource: "*" };
      const session = await roles.session("sends-without-key", { allowed: [send] });
      const sqs = new SQSClient(cloud.client);
      const Attributes = { KmsMasterKeyId: key };
      const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "encrypted", Attributes }));

      // Act
      const refused = client(SQSClient, session).send(new SendMessageCommand({ QueueUrl, MessageBody: "a" }));

      // Assess
      await expect(refused).rejects.toMatchObject({
        message: expect.stringContaining(`kms:GenerateDataKey on resource: ${key}`),
      });
    });
  });

  function unknownOf(role: string): readonly unknown[] {
    return recorded().filter(({ principal, decision }) => principal === role && decision === "Unknown");
  }

  function recorded(): readonly { readonly principal?: string; readonly decision?: string }[] {
    return readFileSync(join(folder, "decisions.jsonl"), "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
  }

  function client<C>(make: new (settings: Cloud["client"]) => C, credentials: Session): C {
    return new make({ ...cloud.client, credentials });
  }

  function read(session: Session) {
    return client(S3Client, session).send(new GetObjectCommand({ Bucket: BUCKET, Key: "a" }));
  }

  async function createBucket(Bucket: string): Promise<void> {
    const CreateBucketConfiguration = { LocationConstraint: REGION } as const;
    await new S3Client(cloud.client).send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
  }
});
