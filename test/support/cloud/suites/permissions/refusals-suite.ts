import { CloudWatchLogsClient, DescribeLogStreamsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { DescribeDBInstancesCommand, RDSClient } from "@aws-sdk/client-rds";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { callCloud } from "../../call-cloud";
import { ACCOUNT, type Session } from "../../roles/emulated-roles";
import { type PermissionsWorld, REGION } from "./permissions-world";

/** How each service of AWS words a refusal, as its SDK reads it. */
export function refusalsSuite(world: () => PermissionsWorld): void {
  test.each<[string, string, (session: Session) => Promise<unknown>]>([
    ["REST-XML", "AccessDenied", (session) => world().read(session)],
    [
      "query XML",
      "AuthorizationErrorException",
      (session) => {
        const TopicArn = `arn:aws:sns:${REGION}:${ACCOUNT}:any`;
        return world()
          .client(SNSClient, session)
          .send(new PublishCommand({ TopicArn, Message: "a" }));
      },
    ],
    [
      "query XML of RDS",
      "AccessDenied",
      (session) => world().client(RDSClient, session).send(new DescribeDBInstancesCommand({})),
    ],
    [
      "JSON 1.0",
      "AccessDeniedException",
      (session) => {
        const get = new GetItemCommand({ TableName: "any", Key: { id: { S: "a" } } });
        return world().client(DynamoDBClient, session).send(get);
      },
    ],
    [
      "JSON 1.0 that was query XML once",
      "AccessDenied",
      (session) => {
        const QueueUrl = `${world().cloud.endpoint}/${ACCOUNT}/any`;
        return world()
          .client(SQSClient, session)
          .send(new SendMessageCommand({ QueueUrl, MessageBody: "a" }));
      },
    ],
    [
      "JSON 1.1",
      "AccessDeniedException",
      (session) =>
        world()
          .client(CloudWatchLogsClient, session)
          .send(new DescribeLogStreamsCommand({ logGroupName: "any" })),
    ],
    [
      "JSON of Secrets Manager",
      "AccessDeniedException",
      (session) =>
        world()
          .client(SecretsManagerClient, session)
          .send(new GetSecretValueCommand({ SecretId: "any" })),
    ],
    [
      "JSON of Step Functions",
      "AccessDeniedException",
      (session) => {
        const stateMachineArn = `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:any`;
        return world().client(SFNClient, session).send(new StartExecutionCommand({ stateMachineArn }));
      },
    ],
  ])("the AWS SDK understands a refusal in %s", async (protocol, name, call) => {
    // Prepare
    const session = await world().roles.session(`protocol-${protocol.replaceAll(/[ .]/g, "-")}`);

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
    const session = await world().roles.session("reads-deleted", { allowed: [allowed] });
    const [own, s3] = [world().client(S3Client, session), new S3Client(world().cloud.client)];
    await world().createBucket(bucket);
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
    expect(world().unknownOf(`arn:aws:iam::${ACCOUNT}:role/reads-deleted`)).toEqual([]);
  });

  test("EC2's and Lambda's refusals are theirs", async () => {
    // Prepare
    const credentials = await world().roles.session("nothing-of-ec2-and-lambda");
    const body = new URLSearchParams({ Action: "DescribeVpcs", Version: "2016-11-15" });

    // Act
    const ec2 = await callCloud(world().cloud, { service: "ec2", body, credentials });
    const lambda = await callCloud(world().cloud, {
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
}
