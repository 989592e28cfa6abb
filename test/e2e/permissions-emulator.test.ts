import { createSign, generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { CloudWatchLogsClient, DescribeLogStreamsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { DescribeDBInstancesCommand, RDSClient } from "@aws-sdk/client-rds";
import {
  CreateBucketCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { CreateQueueCommand, SendMessageCommand, SetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import * as z from "zod";
import type { Cloud } from "../../scripts/cloud/cloud";
import { callCloud } from "../support/call-cloud";
import { cloudMissing, startCloud } from "../support/cloud";
import { ACCOUNT, EmulatedRoles, policy, type Session, type Statement, sessionOf } from "../support/emulated-roles";
import { describeUnless } from "../support/real-data";
import { LACKING, NAMED_OTHERWISE, UNSEEN } from "../support/unseen-requests";

const MINUTES = 60_000;
const REGION = "eu-central-1";
const BUCKET = "permissions";
const OBJECTS = `arn:aws:s3:::${BUCKET}/*`;
const QUEUE = `arn:aws:sqs:${REGION}:${ACCOUNT}:permissions`;
const READ: Statement = { Action: "s3:GetObject", Resource: OBJECTS };

const IDENTITY = new URLSearchParams({ Action: "GetCallerIdentity", Version: "2011-06-15" });
const keys = generateKeyPairSync("rsa", { modulusLength: 2048 });
const otherKeys = generateKeyPairSync("rsa", { modulusLength: 2048 });
const now = () => Math.floor(Date.now() / 1000);

describeUnless(cloudMissing, "the emulated AWS enforces permissions", () => {
  let cloud: Cloud;
  let roles: EmulatedRoles;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "millrace-permissions-"));
    const webIdentityKey = join(folder, "key.pem");
    writeFileSync(webIdentityKey, keys.publicKey.export({ type: "spki", format: "pem" }));
    ({ cloud } = await startCloud({ decisions: join(folder, "decisions.jsonl"), webIdentityKey }));
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

    test("when the table of permissions does not know it, and the record says so", async () => {
      // Prepare
      const credentials = await roles.session("asks-what-nobody-knows", { allowed: [{ Action: "*", Resource: "*" }] });

      // Act
      const answer = await callCloud(cloud, {
        service: "ssm",
        target: "AmazonSSM.GetParameters",
        body: {},
        credentials,
      });

      // Assess
      expect(answer.status).toBe(400);
      const principal = `arn:aws:iam::${ACCOUNT}:role/asks-what-nobody-knows`;
      expect(unknownOf(principal)).toMatchObject([{ action: expect.stringContaining("ssm:") }]);
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

  describe("a role that is handed to a service", () => {
    const trust = [{ Principal: { Service: "states.amazonaws.com" }, Action: "sts:AssumeRole" }];
    const create: Statement = { Action: "states:*", Resource: "*" };
    const definition = JSON.stringify({ StartAt: "a", States: { a: { Type: "Pass", End: true } } });

    test("must be one that the caller may pass to this service", async () => {
      // Prepare
      const roleArn = await roles.create("of-machine", { trust });
      const pass = (service: string): Statement => ({
        Action: "iam:PassRole",
        Resource: roleArn,
        Condition: { StringEquals: { "iam:PassedToService": service } },
      });
      const other = await roles.session("passes-to-lambda", { allowed: [create, pass("lambda.amazonaws.com")] });
      const right = await roles.session("passes-to-states", { allowed: [create, pass("states.amazonaws.com")] });

      // Act
      const refused = await createMachine("refused", roleArn, other);
      const allowed = await createMachine("allowed", roleArn, right);

      // Assess
      expect(await refused.text()).toContain(`iam:PassRole on resource: ${roleArn}`);
      expect(allowed.status).toBe(200);
    });

    test("must trust the service", async () => {
      // Prepare
      const lambda = [{ Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }];
      const condition = { StringEquals: { "aws:SourceAccount": "210987654321" } };
      const roleArns = [
        await roles.create("trusts-lambda", { trust: lambda }),
        await roles.create("trusts-another-account", {
          trust: trust.map((each) => ({ ...each, Condition: condition })),
        }),
      ];

      // Act
      const answers = await Promise.all(roleArns.map((roleArn, index) => createMachine(`untrusted-${index}`, roleArn)));

      // Assess
      expect(answers.map(({ status }) => status)).toEqual([400, 400]);
    });

    function createMachine(name: string, roleArn: string, credentials?: Session): Promise<Response> {
      const body = { name, roleArn, definition };
      return callCloud(cloud, { service: "states", target: "AWSStepFunctions.CreateStateMachine", body, credentials });
    }
  });

  describe("a session that a role is asked for", () => {
    let mayTake: Session;

    beforeAll(async () => {
      const [short, long] = ["short", "long"].map((name) => `arn:aws:iam::${ACCOUNT}:role/${name}`);
      await roles.create("short");
      await roles.create("long", { maxSessionSeconds: 7200 });
      const allowed = [{ Action: "sts:AssumeRole", Resource: [short ?? "", long ?? ""] }];
      mayTake = await roles.session("takes-roles", { allowed });
    });

    test.each<[string, number, string, number, "administrator" | "session"]>([
      ["is as long as the role allows", 200, "long", 7200, "administrator"],
      ["is refused where it is longer than the role allows", 400, "long", 7201, "administrator"],
      ["is refused where a role says nothing and it is longer than an hour", 400, "short", 3601, "administrator"],
      ["may be an hour where a session asks for it", 200, "long", 3600, "session"],
      ["is refused where a session asks for more than an hour, whatever the role allows", 400, "long", 3601, "session"],
    ])("%s", async (_, status, name, seconds, who) => {
      // Act
      const fields = {
        RoleArn: `arn:aws:iam::${ACCOUNT}:role/${name}`,
        RoleSessionName: "s",
        DurationSeconds: `${seconds}`,
      };
      const body = new URLSearchParams({ Action: "AssumeRole", Version: "2011-06-15", ...fields });
      const answer = await callCloud(cloud, {
        service: "sts",
        body,
        ...(who === "session" && { credentials: mayTake }),
      });

      // Assess
      const text = await answer.text();
      expect([answer.status, text]).toEqual([
        status,
        expect.stringMatching(status === 200 ? "<SessionToken>" : "<Code>ValidationError</Code>.*exceeds the"),
      ]);
      if (status === 400) expect(text).toContain(who === "session" ? "by role chaining" : "MaxSessionDuration");
    });
  });

  describe("a web identity", () => {
    const issuer = "token.actions.githubusercontent.com";
    const provider = `arn:aws:iam::${ACCOUNT}:oidc-provider/${issuer}`;
    const mutable = "repo:owner/project:environment:dev";
    const immutable = "repo:owner@17/project@42:environment:dev";
    let role: string;

    beforeAll(async () => {
      await callCloud(cloud, {
        service: "iam",
        body: new URLSearchParams({
          Action: "CreateOpenIDConnectProvider",
          Version: "2010-05-08",
          Url: `https://${issuer}`,
          "ClientIDList.member.1": "sts.amazonaws.com",
          "ThumbprintList.member.1": "0".repeat(40),
        }),
      });
      role = await roles.create("of-github", {
        trust: [
          {
            Principal: { Federated: provider },
            Action: "sts:AssumeRoleWithWebIdentity",
            Condition: {
              StringEquals: { [`${issuer}:aud`]: "sts.amazonaws.com", [`${issuer}:sub`]: [mutable, immutable] },
            },
          },
        ],
        maxSessionSeconds: 7200,
      });
    });

    test.each([
      ["the mutable subject", mutable],
      ["the immutable subject", immutable],
    ])("of %s gets a session", async (_, sub) => {
      // Act
      const answer = await assume(sign({ sub }));

      // Assess
      const session = sessionOf(await answer.text());
      const who = await callCloud(cloud, { service: "sts", body: IDENTITY, credentials: session });
      expect(await who.text()).toContain(`arn:aws:sts::${ACCOUNT}:assumed-role/of-github/job`);
    });

    test.each<[string, string, () => Promise<Response>]>([
      ["another repository", "AccessDenied", () => assume(sign({ sub: "repo:owner/other:environment:dev" }))],
      ["another owner's id", "AccessDenied", () => assume(sign({ sub: "repo:owner@18/project@42:environment:dev" }))],
      ["a branch", "AccessDenied", () => assume(sign({ sub: "repo:owner/project:ref:refs/heads/main" }))],
      ["another audience", "InvalidIdentityToken", () => assume(sign({ aud: "https://github.com/owner" }))],
      ["another issuer", "InvalidIdentityToken", () => assume(sign({ iss: "https://gitlab.com" }))],
      ["an hour ago", "ExpiredTokenException", () => assume(sign({ exp: now() - 3600 }))],
      ["another key", "InvalidIdentityToken", () => assume(sign({}, otherKeys.privateKey))],
      ["too long a session", "ValidationError", () => assume(sign({}), { DurationSeconds: "7201" })],
      [
        "a role of a service",
        "AccessDenied",
        async () => assume(sign({}), { RoleArn: await roles.create("not-of-github") }),
      ],
    ])("of %s is refused", async (_, code, act) => {
      // Act
      const answer = await act();

      // Assess
      expect([answer.status, await answer.text()]).toEqual([
        code === "AccessDenied" ? 403 : 400,
        expect.stringContaining(`<Code>${code}</Code>`),
      ]);
    });

    function assume(token: string, more: Readonly<Record<string, string>> = {}): Promise<Response> {
      const parameters = { RoleArn: role, RoleSessionName: "job", WebIdentityToken: token, ...more };
      const body = new URLSearchParams({ Action: "AssumeRoleWithWebIdentity", Version: "2011-06-15", ...parameters });
      return fetch(cloud.endpoint, { method: "POST", body });
    }

    function sign(claims: Readonly<Record<string, unknown>>, key = keys.privateKey): string {
      const all = { iss: `https://${issuer}`, aud: "sts.amazonaws.com", sub: mutable, exp: now() + 300, ...claims };
      const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
      const signed = `${part({ alg: "RS256", typ: "JWT" })}.${part(all)}`;
      return `${signed}.${createSign("RSA-SHA256").update(signed).sign(key, "base64url")}`;
    }
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
