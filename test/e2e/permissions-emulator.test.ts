import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { DescribeDBInstancesCommand, RDSClient } from "@aws-sdk/client-rds";
import { DeleteObjectsCommand, PutBucketPolicyCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateQueueCommand, SendMessageCommand, SetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { Cloud } from "../../scripts/cloud/cloud";
import { callCloud } from "../support/cloud/call-cloud";
import { cloudMissing, startCloud } from "../support/cloud/cloud";
import { ACCOUNT, type EmulatedRoles, policy, type Statement } from "../support/cloud/roles/emulated-roles";
import { encryptedSuite } from "../support/cloud/suites/permissions/encrypted-suite";
import {
  BUCKET,
  OBJECTS,
  type PermissionsWorld,
  permissionsWorld,
  REGION,
} from "../support/cloud/suites/permissions/permissions-world";
import { refusalsSuite } from "../support/cloud/suites/permissions/refusals-suite";
import { describeUnless } from "../support/files/real-data";
import { LACKING, NAMED_OTHERWISE, UNSEEN } from "../support/models/unseen-requests";

const MINUTES = 60_000;
const QUEUE = `arn:aws:sqs:${REGION}:${ACCOUNT}:permissions`;
const READ: Statement = { Action: "s3:GetObject", Resource: OBJECTS };

describeUnless(cloudMissing, "the emulated AWS enforces permissions", () => {
  let cloud: Cloud;
  let world: PermissionsWorld;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "millrace-permissions-"));
    ({ cloud } = await startCloud({ decisions: join(folder, "decisions.jsonl") }));
    world = permissionsWorld(cloud, join(folder, "decisions.jsonl"));
    await world.createBucket(BUCKET);
    await new S3Client(cloud.client).send(new PutObjectCommand({ Bucket: BUCKET, Key: "a", Body: "a" }));
    await new SQSClient(cloud.client).send(new CreateQueueCommand({ QueueName: "permissions" }));
  }, 5 * MINUTES);

  afterAll(async () => {
    await cloud?.stop();
    rmSync(folder, { recursive: true });
  });

  describe("an action is allowed", () => {
    test("by an identity policy", async () => {
      // Prepare
      const session = await world.roles.session("reads", { allowed: [READ] });

      // Act
      const { Body } = await world.read(session);

      // Assess
      expect(await Body?.transformToString()).toBe("a");
    });

    test("by only the resource's policy", async () => {
      // Prepare
      const session = await world.roles.session("sends-by-queue");
      const principal = { AWS: `arn:aws:iam::${ACCOUNT}:role/sends-by-queue` };
      const Policy = policy([{ Principal: principal, Action: "sqs:SendMessage", Resource: QUEUE }]);
      const QueueUrl = `${cloud.endpoint}/${ACCOUNT}/permissions`;
      await new SQSClient(cloud.client).send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));

      // Act
      const sent = await world.client(SQSClient, session).send(new SendMessageCommand({ QueueUrl, MessageBody: "a" }));

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
      const session = await world.roles.session(name, settings, sessionPolicy);

      // Act
      const refused = world.read(session);

      // Assess
      const who = `User: arn:aws:sts::${ACCOUNT}:assumed-role/${name}/test`;
      const what = `is not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::${BUCKET}/a"`;
      await expect(refused).rejects.toMatchObject({ name: "AccessDenied", message: `${who} ${what} ${reason}` });
    });

    test("by a boundary that does not exist", async () => {
      // Prepare
      const session = await world.roles.session("bounded-by-nothing", { allowed: [READ] });
      const PermissionsBoundary = `arn:aws:iam::${ACCOUNT}:policy/nothing`;
      const parameters = { Action: "PutRolePermissionsBoundary", Version: "2010-05-08", PermissionsBoundary };
      const body = new URLSearchParams({ ...parameters, RoleName: "bounded-by-nothing" });
      await callCloud(cloud, { service: "iam", body });

      // Act
      const refused = world.read(session);

      // Assess
      const message = expect.stringContaining("with an explicit deny in a permissions boundary");
      await expect(refused).rejects.toMatchObject({ name: "AccessDenied", message });
    });

    test("by the resource's policy, whatever the identity's say", async () => {
      // Prepare
      const session = await world.roles.session("denied-by-bucket", { allowed: [{ Action: "s3:*", Resource: "*" }] });
      const Resource = "arn:aws:s3:::permissions-denied/*";
      await world.createBucket("permissions-denied");
      const Policy = policy([{ Effect: "Deny", Principal: "*", Action: "s3:PutObject", Resource }]);
      await new S3Client(cloud.client).send(new PutBucketPolicyCommand({ Bucket: "permissions-denied", Policy }));

      // Act
      const put = { Bucket: "permissions-denied", Key: "a", Body: "a" };
      const byRole = () => world.client(S3Client, session).send(new PutObjectCommand(put));
      const byAdministrator = () => new S3Client(cloud.client).send(new PutObjectCommand(put));

      // Assess
      const message = expect.stringContaining("with an explicit deny in a resource-based policy");
      await expect(byRole()).rejects.toMatchObject({ name: "AccessDenied", message });
      await expect(byAdministrator()).rejects.toMatchObject({ name: "AccessDenied", message });
    });

    test("without an identifier, unless it is allowed on all", async () => {
      // Prepare
      const db = `arn:aws:rds:${REGION}:${ACCOUNT}:db`;
      const few = await world.roles.session("lists-few", { allowed: [{ Action: "rds:*", Resource: `${db}:dev-*` }] });
      const all = await world.roles.session("lists-all", { allowed: [{ Action: "rds:*", Resource: `${db}:*` }] });

      // Act
      const refused = () => world.client(RDSClient, few).send(new DescribeDBInstancesCommand({}));
      const allowed = await world.client(RDSClient, all).send(new DescribeDBInstancesCommand({}));

      // Assess
      const message = expect.stringContaining(`rds:DescribeDBInstances on resource: ${db}:* because`);
      await expect(refused()).rejects.toMatchObject({ name: "AccessDenied", message });
      expect(allowed.DBInstances).toEqual([]);
    });

    test("on what the path names, whatever bucket the Host does", async () => {
      // Prepare
      const name = "reads-by-host";
      const session = await world.roles.session(name, { allowed: [{ Action: "s3:*", Resource: "arn:aws:s3:::a" }] });
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
      const session = await world.roles.session(title.replaceAll(" ", "-"), { allowed: [READ] });
      const other = await world.roles.session(`other-${title.replaceAll(" ", "-")}`);
      const wrong = title === "unknown key" ? { accessKeyId: "AKIAUNKNOWN" } : { sessionToken: other.sessionToken };

      // Act
      const refused = world.read({ ...session, ...wrong });

      // Assess
      await expect(refused).rejects.toMatchObject({ name: "InvalidClientTokenId" });
    });

    test("when it is not in the table of permissions, for every caller, and the record says so", async () => {
      // Prepare
      const credentials = await world.roles.session("asks-what-nobody-knows", {
        allowed: [{ Action: "*", Resource: "*" }],
      });
      const call = { service: "ssm", target: "AmazonSSM.GetParameters", body: {} };

      // Act
      const answers = [await callCloud(cloud, { ...call, credentials }), await callCloud(cloud, call)];

      // Assess
      expect(answers.map(({ status }) => status)).toEqual([400, 400]);
      for (const principal of [`arn:aws:iam::${ACCOUNT}:role/asks-what-nobody-knows`, "administrator"]) {
        expect(world.unknownOf(principal)).toContainEqual(
          expect.objectContaining({ action: expect.stringContaining("ssm:") }),
        );
      }
    });

    test.each(UNSEEN)(
      "when the table finds nothing to check, whoever asks, and the record says so: %s",
      async (title, call, says) => {
        // Prepare
        const name = title.replaceAll(/[ ,]+/g, "-");
        const credentials = await world.roles.session(name, { allowed: [{ Action: "*", Resource: "*" }] });
        const before = world.unknownOf("administrator").length;

        // Act
        const answers = [await callCloud(cloud, { ...call, credentials }), await callCloud(cloud, call)];

        // Assess
        for (const answer of answers)
          expect([answer.ok, await answer.text()]).toEqual([false, expect.stringMatching(says)]);
        expect(world.unknownOf(`arn:aws:iam::${ACCOUNT}:role/${name}`)).toHaveLength(1);
        expect(world.unknownOf("administrator")).toHaveLength(before + 1);
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
      const credentials = await world.roles.session(title.replaceAll(" ", "-"));

      // Act
      const answer = await callCloud(cloud, { ...call, credentials });

      // Assess
      expect([answer.ok, await answer.text()]).toEqual([false, expect.stringMatching(says)]);
    });
  });

  refusalsSuite(() => world);
  encryptedSuite(() => world);
});
