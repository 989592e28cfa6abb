import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  CreateBucketCommand,
  PutBucketEncryptionCommand,
  PutBucketVersioningCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { CreateTopicCommand, SNSClient } from "@aws-sdk/client-sns";
import { CreateQueueCommand, DeleteQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import * as z from "zod";
import { Emulator } from "../../../../scripts/cloud/emulator";
import { cacheFolder } from "../../../../scripts/cloud/environment/cache-folder";
import { pythonEnvironment } from "../../../../scripts/cloud/environment/python-environment";
import { simulatorModules } from "../../../../scripts/cloud/environment/simulator-modules";
import { callCloud } from "../call-cloud";
import type { Session } from "../roles/emulated-roles";
import { FunctionRoles } from "../roles/function-roles";
import { recordingFiles } from "../roles/recorded-decisions";

/** The bucket of files. */
export const INCOMING = "millrace-dev-incoming-123456789012";

const REGION = "eu-central-1";
const ADMINISTRATOR = { accessKeyId: "emulated", secretAccessKey: "emulated" };
const TAGS = { Project: "millrace", Environment: "dev", Stack: "etl" };
const requirements = join(__dirname, "../../../../emulator/requirements.txt");
const createdKey = z.object({ KeyMetadata: z.object({ Arn: z.string() }) });

const say = (text: string) => process.stderr.write(`${text}\n`);

/** An SDK's settings for an emulated AWS. */
export interface EmulatedClient {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: Pick<Session, "accessKeyId" | "secretAccessKey"> & Partial<Session>;
  readonly forcePathStyle: true;
}

/**
 * What `orders` and `metadata` work with, encrypted and named as the stacks do it, in an emulated AWS that enforces
 * permissions and records them. Nothing is deployed: it takes seconds and neither Terraform nor PostgreSQL.
 */
export class EmulatedOrders {
  readonly table = "millrace-dev-orders-ledger";
  readonly administrator: EmulatedClient;
  topic = "";
  readonly #folder: string;
  readonly #emulator: Emulator;
  #key = "";
  #roles: FunctionRoles | undefined;

  private constructor(folder: string, emulator: Emulator) {
    this.#folder = folder;
    this.#emulator = emulator;
    this.administrator = this.#client(ADMINISTRATOR);
  }

  static async start(python: string): Promise<EmulatedOrders> {
    const folder = await mkdtemp(join(tmpdir(), "millrace-orders-"));
    const environment = await pythonEnvironment(python, requirements, cacheFolder(), say);
    const simulator = await simulatorModules(cacheFolder(), say);
    const emulator = await Emulator.start({
      python: environment,
      home: join(folder, "lambda"),
      permissions: { simulator, decisions: recordingFiles().decisions },
      onLine: say,
    });
    const orders = new EmulatedOrders(folder, emulator);
    await orders.#create();
    return orders;
  }

  /** Of the role of a deployed function. */
  async clientOf(pipeline: string, step: string): Promise<EmulatedClient> {
    this.#roles ??= new FunctionRoles(this.administrator, this.#key);
    return this.#client(await this.#roles.session(pipeline, step));
  }

  /** The queue of messages, created again. @returns its address */
  async createQueue(attributes: Readonly<Record<string, string>> = {}): Promise<string> {
    const sqs = new SQSClient(this.administrator);
    const QueueName = "millrace-dev-orders-outgoing.fifo";
    const QueueUrl = `${this.#emulator.endpoint}/123456789012/${QueueName}`;
    await sqs.send(new DeleteQueueCommand({ QueueUrl })).catch(() => undefined);
    const Attributes = { FifoQueue: "true", KmsMasterKeyId: this.#key, ...attributes };
    await sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
    return QueueUrl;
  }

  async stop(): Promise<void> {
    await this.#emulator.stop();
    await rm(this.#folder, { recursive: true });
  }

  #client(credentials: EmulatedClient["credentials"]): EmulatedClient {
    return { endpoint: this.#emulator.endpoint, region: REGION, credentials, forcePathStyle: true };
  }

  async #create(): Promise<void> {
    const Tags = Object.entries(TAGS).map(([TagKey, TagValue]) => ({ TagKey, TagValue }));
    const create = { service: "kms", target: "TrentService.CreateKey", body: { Tags } };
    this.#key = createdKey.parse(await (await callCloud(this.administrator, create)).json()).KeyMetadata.Arn;
    await Promise.all([this.#createTopic(), this.#createTable(), this.#createBucket()]);
  }

  async #createTopic(): Promise<void> {
    const Attributes = { KmsMasterKeyId: this.#key };
    const create = new CreateTopicCommand({ Name: "millrace-dev-notifications", Attributes });
    this.topic = (await new SNSClient(this.administrator).send(create)).TopicArn ?? "";
  }

  async #createTable(): Promise<void> {
    const create = new CreateTableCommand({
      TableName: this.table,
      BillingMode: "PAY_PER_REQUEST",
      SSESpecification: { Enabled: true, SSEType: "KMS", KMSMasterKeyId: this.#key },
      KeySchema: [
        { AttributeName: "batch", KeyType: "HASH" },
        { AttributeName: "name", KeyType: "RANGE" },
      ],
      AttributeDefinitions: [
        { AttributeName: "batch", AttributeType: "S" },
        { AttributeName: "name", AttributeType: "S" },
      ],
    });
    await new DynamoDBClient(this.administrator).send(create);
  }

  async #createBucket(): Promise<void> {
    const s3 = new S3Client(this.administrator);
    const Bucket = INCOMING;
    await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: REGION } }));
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
    const ApplyServerSideEncryptionByDefault = { SSEAlgorithm: "aws:kms" as const, KMSMasterKeyID: this.#key };
    const ServerSideEncryptionConfiguration = { Rules: [{ ApplyServerSideEncryptionByDefault }] };
    await s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration }));
  }
}
