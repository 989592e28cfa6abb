import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateQueueCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import * as z from "zod";
import { callCloud } from "../../call-cloud";
import type { Statement } from "../../roles/emulated-roles";
import { BUCKET, OBJECTS, type PermissionsWorld, REGION } from "./permissions-world";

export function encryptedSuite(world: () => PermissionsWorld): void {
  describe("what is encrypted takes the right to the key", () => {
    let key: string;

    beforeAll(async () => {
      const response = await callCloud(world().cloud, { service: "kms", target: "TrentService.CreateKey", body: {} });
      key = z.object({ KeyMetadata: z.object({ Arn: z.string() }) }).parse(await response.json()).KeyMetadata.Arn;
    });

    test("for an object", async () => {
      // Prepare
      const write: Statement = { Action: ["s3:PutObject", "s3:GetObject"], Resource: OBJECTS };
      const via = { StringEquals: { "kms:ViaService": `s3.${REGION}.amazonaws.com` } };
      const use: Statement = { Action: ["kms:GenerateDataKey", "kms:Decrypt"], Resource: key, Condition: via };
      const without = await world().roles.session("writes-without-key", { allowed: [write] });
      const having = await world().roles.session("writes-with-key", { allowed: [write, use] });
      const put = new PutObjectCommand({
        Bucket: BUCKET,
        Key: "encrypted",
        Body: "a",
        ServerSideEncryption: "aws:kms",
        SSEKMSKeyId: key,
      });

      // Act
      const refused = world().client(S3Client, without).send(put);
      await expect(refused).rejects.toMatchObject({
        message: expect.stringContaining(`kms:GenerateDataKey on resource: ${key}`),
      });
      await world().client(S3Client, having).send(put);
      const unread = world()
        .client(S3Client, without)
        .send(new GetObjectCommand({ Bucket: BUCKET, Key: "encrypted" }));

      // Assess
      await expect(unread).rejects.toMatchObject({
        message: expect.stringContaining(`kms:Decrypt on resource: ${key}`),
      });
      const got = await world()
        .client(S3Client, having)
        .send(new GetObjectCommand({ Bucket: BUCKET, Key: "encrypted" }));
      expect(await got.Body?.transformToString()).toBe("a");
    });

    test("for a queue", async () => {
      // Prepare
      const send: Statement = { Action: "sqs:SendMessage", Resource: "*" };
      const session = await world().roles.session("sends-without-key", { allowed: [send] });
      const sqs = new SQSClient(world().cloud.client);
      const Attributes = { KmsMasterKeyId: key };
      const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "encrypted", Attributes }));

      // Act
      const refused = world()
        .client(SQSClient, session)
        .send(new SendMessageCommand({ QueueUrl, MessageBody: "a" }));

      // Assess
      await expect(refused).rejects.toMatchObject({
        message: expect.stringContaining(`kms:GenerateDataKey on resource: ${key}`),
      });
    });
  });
}
