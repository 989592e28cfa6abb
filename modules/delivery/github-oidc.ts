import { DataAwsIamOpenidConnectProvider } from "@cdktf/provider-aws/lib/data-aws-iam-openid-connect-provider";
import { IamOpenidConnectProvider } from "@cdktf/provider-aws/lib/iam-openid-connect-provider";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { Account } from "../account";

const HOST = "token.actions.githubusercontent.com";
const AUDIENCE = "sts.amazonaws.com";

export interface GithubOidcProps {
  /** Whether to create the provider, or to look up the account's existing one: an account can have only one. */
  readonly provider: "create" | "existing";
}

/** GitHub Actions as an identity provider of the account, so that no workflow needs a long-lived key. */
export class GithubOidc extends Construct {
  /** Resources that must exist before a role can trust the provider. */
  readonly provider: ITerraformDependable;

  constructor(scope: Construct, id: string, { provider }: GithubOidcProps) {
    super(scope, id);
    const url = `https://${HOST}`;
    this.provider =
      provider === "existing"
        ? new DataAwsIamOpenidConnectProvider(this, "provider", { url })
        : new IamOpenidConnectProvider(this, "provider", { url, clientIdList: [AUDIENCE] });
  }

  /**
   * A trust policy for exactly these subjects, for example `repo:octo-org/millrace:environment:prod` ("OpenID Connect
   * reference", GitHub Docs). The provider's ARN is spelled out, not a reference, so that scanners recognise it.
   *
   * @throws RangeError if a subject has a wildcard or a variable, or names no repository.
   */
  trust(subjects: readonly string[]): string {
    for (const subject of subjects) {
      // `$` would begin a policy variable.
      if (!/^repo:[^/:*?$]+\/[^/:*?$]+:[^*?$]+$/.test(subject)) {
        throw new RangeError(`A trusted subject must name one repository and its place exactly: got ${subject}`);
      }
    }
    return JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: "sts:AssumeRoleWithWebIdentity",
          Principal: { Federated: Account.of(this).globalArn("iam", `oidc-provider/${HOST}`) },
          Condition: { StringEquals: { [`${HOST}:aud`]: AUDIENCE, [`${HOST}:sub`]: subjects } },
        },
      ],
    });
  }
}
