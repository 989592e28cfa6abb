import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Annotations, LocalBackend, S3Backend, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { localStateFile, type StateBackend, stateKey } from "../config/backend";
import type { Config } from "../config/schema";
import { emulatedBackend, emulatedProvider } from "./emulated-services";
import { requireRuntime } from "./lambda-runtime";

export interface MillraceStackProps {
  readonly config: Config;
  /** Where the state is kept. @default a local file, until `npm run bootstrap` has created the backend */
  readonly backend?: StateBackend;
  /** Whether the environment names `aws.endpoint`, too. @default false */
  readonly endpointInEnvironment?: boolean;
}

/** The base of every stack: the AWS provider for its region and tags, and the place of its state. */
export abstract class MillraceStack extends TerraformStack {
  constructor(scope: Construct, id: string, { config, backend, endpointInEnvironment }: MillraceStackProps) {
    super(scope, id);
    const { region, accountId, endpoint } = config.aws;
    const provider = new AwsProvider(this, "aws", {
      region,
      allowedAccountIds: accountId === undefined ? undefined : [accountId],
      defaultTags: [
        {
          tags: {
            ...config.tags,
            Project: config.project,
            Environment: config.environment,
            Stack: id,
            ManagedBy: "terraform",
          },
        },
      ],
      ...emulatedProvider(endpoint, {
        namesAccount: config.audit.securityHub === "create",
        inEnvironment: endpointInEnvironment,
      }),
    });
    requireRuntime(config, provider);
    if (backend === undefined) this.#keepStateHere(config);
    else this.#keepStateIn(backend, config);
  }

  #keepStateHere(config: Config): void {
    new LocalBackend(this, { path: localStateFile(config, this.node.id) });
    Annotations.of(this).addInfo(
      "State is kept in a local file. `npm run bootstrap` creates a bucket and a lock for it.",
    );
  }

  #keepStateIn(backend: StateBackend, config: Config): void {
    new S3Backend(this, {
      bucket: backend.bucket,
      key: stateKey(config, this.node.id),
      region: backend.region,
      encrypt: true,
      kmsKeyId: backend.kmsKeyArn,
      dynamodbTable: backend.lockTable,
      ...emulatedBackend(config.aws.endpoint),
    });
    // S3's own lock in addition to DynamoDB's, which Terraform will drop one day; cdktf 0.21 has no property for it.
    this.addOverride("terraform.backend.s3.use_lockfile", true);
  }
}
