import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { Construct } from "constructs";
import { bootstrapName, resourceName } from "../config/names";
import { partnersOf } from "../config/partners";
import type { Config } from "../config/schema";
import type { AccessScope } from "../modules/delivery/access";
import { type PersonKind, peopleAccess } from "../modules/delivery/people-access";
import { policyJson, type Statement } from "../modules/policy";

/**
 * Policies for people who run `npm run ops`: attached to nobody here, as the account's owner knows who they are (a permission
 * set of IAM Identity Center, a group, a role). Costs nothing.
 */
export class PeoplePolicies extends Construct {
  /** ARNs. */
  readonly reader: string;
  readonly operator: string;

  constructor(scope: Construct, id: string, config: Config, access: AccessScope) {
    super(scope, id);
    const { reader, operator } = peopleAccess(this, {
      ...access,
      linked: partnersOf(config.pipelines).map(({ prefix }) => prefix),
    });
    const looks = Object.values(reader).flat();
    const what = resourceName(config);
    this.reader = this.#create(config, "reader", `Looks at the pipelines and the data of ${what}.`, looks);
    this.operator = this.#create(config, "operator", `Runs every command of npm run ops on ${what}.`, [
      ...looks,
      ...Object.values(operator).flat(),
    ]);
  }

  #create(config: Config, kind: PersonKind, description: string, statements: readonly Statement[]): string {
    return new IamPolicy(this, kind, {
      name: bootstrapName(config, kind),
      description,
      policy: policyJson(this, `${kind}-document`, statements),
    }).arn;
  }
}
