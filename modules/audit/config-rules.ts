import { ConfigConfigRule } from "@cdktf/provider-aws/lib/config-config-rule";
import { Construct } from "constructs";
import type { ConfigRecorder } from "./config-recorder";

export interface ConfigRulesProps {
  /** First part of the rules' names. */
  readonly prefix: string;
  /** Of the resources that they look at. */
  readonly tag: { readonly key: string; readonly value: string };
  /** @default the account's own */
  readonly recorder?: ConfigRecorder;
}

/**
 * AWS's own rules for what a change by hand would open or lose; what the stacks deploy meets all of them. They report,
 * and change nothing.
 */
const RULES = [
  "S3_BUCKET_LEVEL_PUBLIC_ACCESS_PROHIBITED",
  "S3_BUCKET_SSL_REQUESTS_ONLY",
  "RDS_INSTANCE_PUBLIC_ACCESS_CHECK",
  "RDS_STORAGE_ENCRYPTED",
  "LAMBDA_FUNCTION_PUBLIC_ACCESS_PROHIBITED",
  "DYNAMODB_PITR_ENABLED",
  "SNS_ENCRYPTED_KMS",
] as const;

/** Rules of AWS Config for resources with a tag. Each evaluation of a changed resource costs 0.001 USD. */
export class ConfigRules extends Construct {
  constructor(scope: Construct, id: string, { prefix, tag, recorder }: ConfigRulesProps) {
    super(scope, id);
    for (const sourceIdentifier of RULES) {
      const rule = sourceIdentifier.toLowerCase().replaceAll("_", "-");
      new ConfigConfigRule(this, rule, {
        name: `${prefix}-${rule}`,
        source: { owner: "AWS", sourceIdentifier },
        scope: { tagKey: tag.key, tagValue: tag.value },
        dependsOn: recorder && [recorder.status],
      });
    }
  }
}
