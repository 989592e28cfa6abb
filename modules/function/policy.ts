import { DataAwsIamPolicyDocument } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { Lazy } from "cdktf";
import type { Construct } from "constructs";

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

/** A principal that a module's `grantX()` can give a permission to. */
export interface Grantee {
  allow(statement: Statement): void;
}

/**
 * A policy document as JSON, from the statements in the list when the app is synthesised. A data source, because
 * scanners read it, but not text. For policies that name no frequently changing resources; see {@link policyText}.
 */
export function policyJson(scope: Construct, id: string, statements: readonly Statement[]): string {
  return new DataAwsIamPolicyDocument(scope, id, {
    statement: Lazy.anyValue({ produce: () => mergeStatements(statements).map(describe) }),
  }).json;
}

/**
 * A policy document as text. Terraform reads a data source again, and shows the policy as unknown, whenever a resource
 * in it has a pending change: with {@link policyJson}, a function's new code would look like a change of every role
 * that may call it.
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

/** Merges statements that differ only in their actions: several grants may need the same permission. */
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

/** Named as in Terraform's JSON: cdktf does not translate lazily produced values. */
function describe({ sid, effect = "Allow", actions, resources, conditions }: Statement) {
  return { sid, effect, actions, resources, ...(conditions && { condition: describeConditions(conditions) }) };
}

function describeConditions(conditions: Conditions) {
  return Object.entries(conditions).flatMap(([test, keys]) =>
    Object.entries(keys).map(([variable, values]) => ({ test, variable, values: [values].flat() })),
  );
}
