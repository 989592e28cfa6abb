import { SecurityhubAccount } from "@cdktf/provider-aws/lib/securityhub-account";
import { SecurityhubStandardsSubscription } from "@cdktf/provider-aws/lib/securityhub-standards-subscription";
import { Construct } from "constructs";
import { Account } from "../account";

export interface SecurityStandardProps {
  /** Whether Security Hub is switched on, which an account can have once in each region. */
  readonly enableHub: boolean;
}

/**
 * Security Hub's standard of AWS itself, for the whole account in this region. Costs 0.001 USD a check; a month has some
 * thousand of them even in a small account.
 */
export class SecurityStandard extends Construct {
  constructor(scope: Construct, id: string, { enableHub }: SecurityStandardProps) {
    super(scope, id);
    const { partition, region } = Account.of(this);
    const hub = enableHub
      ? new SecurityhubAccount(this, "hub", {
          enableDefaultStandards: false,
          controlFindingGenerator: "SECURITY_CONTROL",
        })
      : undefined;
    new SecurityhubStandardsSubscription(this, "best-practices", {
      standardsArn: `arn:${partition}:securityhub:${region}::standards/aws-foundational-security-best-practices/v/1.0.0`,
      dependsOn: hub && [hub],
    });
  }
}
