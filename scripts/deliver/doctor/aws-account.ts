import { GetRoleCommand, IAMClient, ListOpenIDConnectProvidersCommand } from "@aws-sdk/client-iam";
import { GetAccountSettingsCommand, GetFunctionConcurrencyCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { DescribeDBInstancesCommand, paginateDescribeOrderableDBInstanceOptions, RDSClient } from "@aws-sdk/client-rds";
import { ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { SNSClient } from "@aws-sdk/client-sns";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { Config } from "../../../config/schema";
import type { Account, Offer } from "./account";
import { listSubscribers } from "./subscribers";

const MISSING = /^(ResourceNotFound|NoSuchEntity|NotFound|NoSuchBucket|DBInstanceNotFound)/;
/** S3's answer for a bucket in the caller's own account; for another account's it is just "Access Denied". */
const RIGHT_MISSING = /is not authorized to perform/;

/** The account of this shell's credentials. */
export class AwsAccount implements Account {
  readonly #sts: STSClient;
  readonly #lambda: LambdaClient;
  readonly #iam: IAMClient;
  readonly #s3: S3Client;
  readonly #rds: RDSClient;
  readonly #sns: SNSClient;

  constructor({ aws: { region, endpoint } }: Pick<Config, "aws">) {
    const client = { region, endpoint };
    this.#sts = new STSClient(client);
    this.#lambda = new LambdaClient(client);
    this.#iam = new IAMClient(client);
    this.#s3 = new S3Client({
      ...client,
      forcePathStyle: (endpoint ?? process.env.AWS_ENDPOINT_URL) !== undefined,
      followRegionRedirects: true,
    });
    this.#rds = new RDSClient(client);
    this.#sns = new SNSClient(client);
  }

  async identity() {
    const { Account = "", Arn = "" } = await this.#sts.send(new GetCallerIdentityCommand({}));
    return { account: Account, arn: Arn };
  }

  async unreservedConcurrency() {
    const { AccountLimit } = await this.#lambda.send(new GetAccountSettingsCommand({}));
    return AccountLimit?.UnreservedConcurrentExecutions ?? 0;
  }

  async reservedBy(FunctionName: string) {
    const asked = this.#lambda.send(new GetFunctionConcurrencyCommand({ FunctionName }));
    return (await orMissing(asked))?.ReservedConcurrentExecutions ?? 0;
  }

  async identityProviders() {
    const { OpenIDConnectProviderList = [] } = await this.#iam.send(new ListOpenIDConnectProvidersCommand({}));
    return OpenIDConnectProviderList.flatMap(({ Arn }) => Arn?.split(":oidc-provider/")[1] ?? []);
  }

  async bucket(Bucket: string, ExpectedBucketOwner: string) {
    const asked = this.#s3.send(new ListObjectsV2Command({ Bucket, ExpectedBucketOwner, MaxKeys: 1 }));
    try {
      return (await orMissing(asked)) === undefined ? "free" : "ours";
    } catch (error) {
      if (error instanceof Error && error.name === "AccessDenied" && !RIGHT_MISSING.test(error.message)) return "taken";
      throw error;
    }
  }

  async offers(DBInstanceClass: string) {
    const asked = { Engine: "postgres", DBInstanceClass, Vpc: true };
    const offers: Offer[] = [];
    for await (const page of paginateDescribeOrderableDBInstanceOptions({ client: this.#rds }, asked)) {
      for (const { EngineVersion = "", StorageType = "", MultiAZCapable = false } of page.OrderableDBInstanceOptions ??
        []) {
        offers.push({ version: EngineVersion, storage: StorageType, multiAz: MultiAZCapable });
      }
    }
    return offers;
  }

  async instanceStatus(DBInstanceIdentifier: string) {
    const found = await orMissing(this.#rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier })));
    return found?.DBInstances?.[0]?.DBInstanceStatus;
  }

  async hasRole(RoleName: string) {
    return (await orMissing(this.#iam.send(new GetRoleCommand({ RoleName })))) !== undefined;
  }

  async subscribers(TopicArn: string) {
    const all = await listSubscribers(this.#sns, TopicArn);
    const emails = all?.filter(({ protocol }) => protocol === "email");
    return emails === undefined ? undefined : new Map(emails.map(({ endpoint, confirmed }) => [endpoint, confirmed]));
  }
}

/** Undefined if there is no such resource. */
async function orMissing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Error && MISSING.test(error.name)) return undefined;
    throw error;
  }
}
