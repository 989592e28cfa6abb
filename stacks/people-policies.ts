import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { Construct } from "constructs";
import { bootstrapName, resourceName } from "../config/names";
import { partnersOf } from "../config/partners";
import type { Config } from "../config/schema";
import type { AccessScope } from "../modules/delivery/access/access";
import { linkAccess, type PersonKind, peopleAccess } from "../modules/delivery/access/people-access";
import { policyJson, type Statement } from "../modules/function/policy";

/**
 * Policies for people who run `npm run ops`: not attached here, since only the account's owner knows these people (a
 * permission set of IAM Identity Center, a group, a role). Costs nothing.
 */
export class PeoplePolicies extends Construct {
  /** ARNs. */
  readonly reader: string;
  readonly operator: string;
  /** Additional permissions for links of `upload-link`; undefined if there are no partners. */
  readonly links: string | undefined;

  constructor(scope: Construct, id: string, config: Config, access: AccessScope) {
    super(scope, id);
    const { reader, operator } = peopleAccess(this, access);
    const linked = partnersOf(config.pipelines).map(({ prefix }) => prefix);
    const looks = Object.values(reader).flat();
    // An operator's use of keys has what a reader decrypts; IAM limits the characters.
    const withoutKeys = looks.filter(({ actions }) => !actions.every((action) => action.startsWith("kms:")));
    const what = resourceName(config);
    this.reader = this.#create(config, "reader", `Looks at the pipelines and the data of ${what}.`, looks);
    this.operator = this.#create(config, "operator", `Runs every command of npm run ops on ${what}.`, [
      ...withoutKeys,
      ...Object.values(operator).flat(),
    ]);
    const links = `Puts objects of partners: what links of an operator of ${what} need besides.`;
    this.links =
      linked.length === 0 ? undefined : this.#create(config, "links", links, linkAccess(this, access, linked));
  }

  #create(config: Config, kind: PersonKind | "links", description: string, statements: readonly Statement[]): string {
    return new IamPolicy(this, kind, {
      name: bootstrapName(config, kind),
      description,
      policy: policyJson(this, `${kind}-document`, statements),
    }).arn;
  }
}
