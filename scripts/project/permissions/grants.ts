import * as z from "zod";
import type { Document } from "./recording";
import { stableName } from "./stable-names";

const texts = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
const conditions = z.record(z.string(), z.record(z.string(), texts));
const statementSchema = z.object({
  Effect: z.enum(["Allow", "Deny"]),
  Action: texts,
  Resource: texts,
  Condition: conditions.default({}),
});
const policySchema = z.object({
  Statement: z.union([statementSchema, z.array(statementSchema)]).transform((value) => [value].flat()),
});

export type PolicyStatement = Readonly<z.output<typeof statementSchema>>;

/** An allowing statement, with names that are the same in every run. */
export interface Grant {
  readonly role: string;
  readonly policy: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Each like `StringEquals aws:ResourceTag/Project: millrace`. */
  readonly conditions: readonly string[];
}

/** A policy's statements, in their order. */
export function statementsOf(document: Document): readonly PolicyStatement[] {
  return policySchema.parse(document).Statement;
}

export function describeGrant(role: string, policy: string, statement: PolicyStatement): Grant {
  return {
    role,
    policy,
    actions: statement.Action.map(stableName).sort(),
    resources: [...new Set(statement.Resource.map(stableName))].sort(),
    conditions: Object.entries(statement.Condition)
      .flatMap(([operator, keys]) =>
        Object.entries(keys).map(([key, values]) => `${operator} ${key}: ${values.map(stableName).sort().join(", ")}`),
      )
      .sort(),
  };
}

/** The common key of two statements that may differ in their actions. */
export function placeOf({ role, policy, resources, conditions }: Grant): string {
  return JSON.stringify([role, policy, resources, conditions]);
}
