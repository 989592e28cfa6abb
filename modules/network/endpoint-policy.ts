import type { Construct } from "constructs";
import { Account } from "../account";

/** What a VPC endpoint allows. */
export interface EndpointStatement {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

/** The policy of a VPC endpoint as JSON: these actions on these resources, for principals of this account only. */
export function endpointPolicy(scope: Construct, statements: readonly EndpointStatement[]): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: statements.map(({ actions, resources }) => ({
      Effect: "Allow",
      Principal: "*",
      Action: actions,
      Resource: resources,
      Condition: { StringEquals: { "aws:PrincipalAccount": Account.of(scope).id } },
    })),
  });
}
