import { DataAwsIamPolicyDocument } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Lazy } from "cdktf";
import { Construct } from "constructs";
import { Account } from "../account";
import { type Grantee, policyText, type Statement } from "./policy";

export interface ServiceRoleProps {
  /** At most 64 characters. */
  readonly name: string;
  readonly description: string;
  /** The one service that may assume the role, for example `lambda.amazonaws.com`. */
  readonly service: string;
  /**
   * Whether the service names the account that it acts for when it assumes the role, so that the role can be limited to
   * this account ("The confused deputy problem", IAM user guide). Lambda does not. @default false
   */
  readonly namesAccount?: boolean;
}

/** "IAM and AWS STS quotas", IAM user guide. */
const LONGEST_NAME = 64;

/**
 * A role for one AWS service with exactly the granted permissions, in one inline policy that is deleted with the role.
 * At least one permission must be granted: IAM refuses an empty policy.
 */
export class ServiceRole extends Construct implements Grantee {
  readonly arn: string;
  /** Must exist before the role is used: services check its permissions when they get the role. */
  readonly policy: IamRolePolicy;
  readonly #statements: Statement[] = [];

  constructor(scope: Construct, id: string, { name, description, service, namesAccount = false }: ServiceRoleProps) {
    super(scope, id);
    if (name.length > LONGEST_NAME) {
      throw new RangeError(`A role's name has at most ${LONGEST_NAME} characters: got ${name}, ${name.length}`);
    }
    const role = new IamRole(this, "role", {
      name,
      description,
      assumeRolePolicy: new DataAwsIamPolicyDocument(this, "trust", {
        statement: [
          {
            actions: ["sts:AssumeRole"],
            principals: [{ type: "Service", identifiers: [service] }],
            condition: namesAccount
              ? [{ test: "StringEquals", variable: "aws:SourceAccount", values: [Account.of(this).id] }]
              : undefined,
          },
        ],
      }).json,
    });
    this.arn = role.arn;
    this.policy = new IamRolePolicy(this, "policy", {
      name: "granted",
      role: role.name,
      policy: Lazy.stringValue({ produce: () => policyText(this.#statements) }),
    });
  }

  allow(statement: Statement): void {
    this.#statements.push(statement);
  }
}
