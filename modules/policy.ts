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
 * A policy document as text, not as a data source: Terraform reads that anew, and shows the policy as unknown, whenever
 * something that it names has a change pending. A function's new code would look like a change of every role that may
 * call it.
 */
export function policyText(statements: readonly Statement[]): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: mergeStatements(statements).map(({ sid, effect = "Allow", actions, resources, conditions }) => ({
      Sid: sid,
      Effect: effect,
      Action: actions,
      Resource: resources,
      Condition: conditions,
    })),
  });
}

/** Joins the actions of statements that are else the same: several grants may need one permission. */
function mergeStatements(statements: readonly Statement[]): readonly Statement[] {
  const merged = new Map<string, Statement>();
  for (const statement of statements) {
    const { sid, effect, resources, conditions } = statement;
    const key = JSON.stringify([sid, effect, resources, conditions]);
    const actions = new Set([...(merged.get(key)?.actions ?? []), ...statement.actions]);
    merged.set(key, { ...statement, actions: [...actions].sort() });
  }
  return [...merged.values()];
}
