import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { Construct } from "constructs";
import { type Grantee, policyJson, type Statement } from "../function/policy";
import type { GithubOidc } from "./github-oidc";

export interface GithubRoleProps {
  readonly name: string;
  readonly description: string;
  readonly oidc: GithubOidc;
  /** The `sub` claims that may assume it, spelled out. */
  readonly subjects: readonly string[];
  /** Each list is a policy of its own, named after it: IAM limits a policy to 6,144 characters. */
  readonly policies: Readonly<Record<string, readonly Statement[]>>;
  /** Longest session of a workflow, in hours, 1 to 12. @default 1 */
  readonly maxSessionHours?: number;
}

/** A role that workflows of one repository assume through OpenID Connect. Its permissions are in a policy `granted`. */
export class GithubRole extends Construct implements Grantee {
  readonly arn: string;
  readonly #statements: Statement[] = [];

  constructor(scope: Construct, id: string, props: GithubRoleProps) {
    super(scope, id);
    const { name, description, oidc, subjects, policies, maxSessionHours = 1 } = props;
    const role = new IamRole(this, "role", {
      name,
      description,
      assumeRolePolicy: oidc.trust(subjects),
      maxSessionDuration: maxSessionHours * 3600,
      dependsOn: [oidc.provider],
    });
    this.arn = role.arn;
    for (const [kind, statements] of Object.entries({ ...policies, granted: this.#statements })) {
      this.#attach(role, `${name}-${kind}`, kind, statements);
    }
  }

  allow(statement: Statement): void {
    this.#statements.push(statement);
  }

  #attach(role: IamRole, name: string, kind: string, statements: readonly Statement[]): void {
    const policy = new IamPolicy(this, kind, {
      name,
      policy: policyJson(this, `${kind}-document`, statements),
    });
    new IamRolePolicyAttachment(this, `${kind}-attachment`, { role: role.name, policyArn: policy.arn });
  }
}
