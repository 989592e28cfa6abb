/** A small part of how IAM decides, enough for identity policies: actions, resources and the conditions that we write. */
import type { PolicyStatement } from "./policies";

export interface IamRequest {
  readonly action: string;
  /** An ARN, or `*` where the action takes no resource. */
  readonly resource: string;
  /** Condition key → its value; what is not here is not in the request. */
  readonly context?: Readonly<Record<string, string>>;
}

/** Whether statements allow a request: one of them does, and none denies it. */
export function isAllowed(statements: readonly PolicyStatement[], request: IamRequest): boolean {
  const applies = statements.filter((statement) => appliesTo(statement, request));
  return applies.some(({ effect }) => effect === "Allow") && !applies.some(({ effect }) => effect === "Deny");
}

/** Whether a pattern with `*` and `?` takes in a text; a `*` in the text is taken in by a `*` alone. */
export function matches(pattern: string, text: string): boolean {
  const known = patterns.get(pattern) ?? compile(pattern);
  patterns.set(pattern, known);
  return known.test(text);
}

const patterns = new Map<string, RegExp>();

function compile(pattern: string): RegExp {
  const source = pattern.replaceAll(/[\\^$.|+()[\]{}]/g, "\\$&").replaceAll("*", ".*");
  return new RegExp(`^${source.replaceAll("?", "[^*]")}$`, "s");
}

function appliesTo({ actions, resources, conditions }: PolicyStatement, request: IamRequest): boolean {
  return (
    actions.some((action) => matches(action.toLowerCase(), request.action.toLowerCase())) &&
    resources.some((resource) => matches(resource, request.resource)) &&
    Object.entries(conditions).every(([operator, keys]) =>
      Object.entries(keys).every(([key, values]) => holds(operator, values, request.context?.[key])),
    )
  );
}

function holds(operator: string, values: readonly string[], value: string | undefined): boolean {
  const [, qualifier, name = "", ifExists] = /^(ForAllValues:|ForAnyValue:)?(\w+?)(IfExists)?$/.exec(operator) ?? [];
  if (name === "Null") return values.includes(String(value === undefined));
  if (value === undefined) return ifExists !== undefined || qualifier === "ForAllValues:";
  switch (name) {
    case "StringEquals":
    case "Bool":
      return values.includes(value);
    case "StringLike":
    case "ArnLike":
    case "ArnEquals":
      return values.some((pattern) => matches(pattern, value));
    default:
      throw new Error(`No policy of ours used ${operator} so far: say here what it means`);
  }
}
