import { ConfigConfigurationRecorder } from "@cdktf/provider-aws/lib/config-configuration-recorder";
import { ConfigConfigurationRecorderStatus } from "@cdktf/provider-aws/lib/config-configuration-recorder-status";
import { ConfigDeliveryChannel } from "@cdktf/provider-aws/lib/config-delivery-channel";
import { Construct } from "constructs";
import { Account } from "../account";
import type { Key } from "../storage/key";
import type { AuditBucket } from "./audit-bucket";

export interface ConfigRecorderProps {
  readonly name: string;
  /** Must admit AWS Config, as must the key. */
  readonly bucket: AuditBucket;
  readonly key: Key;
}

/**
 * AWS Config's recorder, of which an account has one in each region: every type of resource, as Security Hub's
 * standards want it, by Config's own role, which must exist. Costs 0.003 USD for each change of a resource.
 */
export class ConfigRecorder extends Construct {
  /** For rules to depend on: without a recorder that records, none can be made. */
  readonly status: ConfigConfigurationRecorderStatus;

  constructor(scope: Construct, id: string, { name, bucket, key }: ConfigRecorderProps) {
    super(scope, id);
    const role = "role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig";
    const recorder = new ConfigConfigurationRecorder(this, "recorder", {
      name,
      roleArn: Account.of(this).globalArn("iam", role),
      recordingGroup: { allSupported: true, includeGlobalResourceTypes: true },
    });
    const channel = new ConfigDeliveryChannel(this, "channel", {
      name,
      s3BucketName: bucket.name,
      s3KmsKeyArn: key.arn,
      dependsOn: [recorder, bucket.policy],
    });
    this.status = new ConfigConfigurationRecorderStatus(this, "status", {
      name: recorder.name,
      isEnabled: true,
      dependsOn: [channel],
    });
  }
}
