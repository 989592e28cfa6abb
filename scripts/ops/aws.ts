import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { RDSClient } from "@aws-sdk/client-rds";
import { S3Client } from "@aws-sdk/client-s3";
import { SchedulerClient } from "@aws-sdk/client-scheduler";
import { SFNClient } from "@aws-sdk/client-sfn";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { Config } from "../../config/schema";

/** The commands' AWS clients, with the AWS SDK's own credentials and endpoint. */
export interface Aws {
  readonly region: string;
  readonly s3: S3Client;
  readonly dynamodb: DynamoDBClient;
  readonly sfn: SFNClient;
  readonly sqs: SQSClient;
  readonly logs: CloudWatchLogsClient;
  readonly rds: RDSClient;
  readonly scheduler: SchedulerClient;
  readonly sns: SNSClient;
}

export function connectAws({ aws: { region, endpoint } }: Config): Aws {
  const settings = { region, endpoint };
  return {
    region,
    s3: new S3Client({ ...settings, forcePathStyle: (endpoint ?? process.env.AWS_ENDPOINT_URL) !== undefined }),
    dynamodb: new DynamoDBClient(settings),
    sfn: new SFNClient(settings),
    sqs: new SQSClient(settings),
    logs: new CloudWatchLogsClient(settings),
    rds: new RDSClient(settings),
    scheduler: new SchedulerClient(settings),
    sns: new SNSClient(settings),
  };
}

/** Whether a service says that a resource does not exist. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && /^(ResourceNotFound|QueueDoesNotExist|.*NonExistentQueue)/.test(error.name);
}
