/** Condition operator → condition key → allowed values, as in an IAM policy document. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** One statement of an identity policy. */
export interface Statement {
  readonly sid?: string;
  /** @default "Allow" */
  readonly effect?: "Allow" | "Deny";
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Conditions;
}

/** Anything that a module's `grantX()` can give a permission to. */
export interface Grantee {
  allow(statement: Statement): void;
}

/**
 * The policy document of the given statements as JSON text.
 *
 * Written as text instead of an `aws_iam_policy_document`: a plan then shows the statements that change, where the
 * data source would only be "known after apply" whenever something near it changes.
 */
export function policyJson(statements: readonly Statement[]): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: statements.map(({ sid, effect = "Allow", actions, resources, conditions }) => ({
      Sid: sid,
      Effect: effect,
      Action: actions,
      Resource: resources,
      Condition: conditions,
    })),
  });
}
