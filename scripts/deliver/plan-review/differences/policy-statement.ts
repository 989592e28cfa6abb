import { isParent, memberOf } from "./secrets";

/** A statement of an IAM policy, normalised. */
export interface PolicyStatement {
  readonly sid: string;
  readonly effect: string;
  /** `action s3:GetObject`, `resource arn:…`, `principal Service lambda.amazonaws.com`, `condition …`; sorted. */
  readonly clauses: readonly string[];
}

const lists = [
  ["Action", "action"],
  ["NotAction", "not action"],
  ["Resource", "resource"],
  ["NotResource", "not resource"],
] as const;

/** The statements of a policy document, or undefined if a value is not one. */
export function readPolicy(document: unknown): readonly PolicyStatement[] | undefined {
  const statements = memberOf(document, "Statement");
  if (!isParent(statements)) return undefined;
  return [statements].flat().map((statement) => ({
    sid: textOf(memberOf(statement, "Sid")),
    effect: textOf(memberOf(statement, "Effect")),
    clauses: [
      ...lists.flatMap(([key, word]) => listOf(memberOf(statement, key)).map((item) => `${word} ${item}`)),
      ...principals(memberOf(statement, "Principal"), "principal"),
      ...principals(memberOf(statement, "NotPrincipal"), "not principal"),
      ...conditions(memberOf(statement, "Condition")),
    ].sort(),
  }));
}

/** The same for a data source `aws_iam_policy_document` that is read during the apply. */
export function readDocumentSource(values: unknown): readonly PolicyStatement[] | undefined {
  const statements = memberOf(values, "statement");
  if (!Array.isArray(statements)) return undefined;
  return statements.map((statement: unknown) => ({
    sid: textOf(memberOf(statement, "sid")),
    effect: textOf(memberOf(statement, "effect")) || "Allow",
    clauses: [
      ...lists.flatMap(([key, word]) =>
        listOf(memberOf(statement, snakeCase(`${key}s`))).map((item) => `${word} ${item}`),
      ),
      ...blocks(memberOf(statement, "principals"), (type, ids) => ids.map((id) => `principal ${type} ${id}`)),
      ...blocks(memberOf(statement, "not_principals"), (type, ids) => ids.map((id) => `not principal ${type} ${id}`)),
      ...listOf(memberOf(statement, "condition"), describeCondition),
    ].sort(),
  }));
}

function principals(value: unknown, word: string): string[] {
  if (!isParent(value)) return listOf(value).map((item) => `${word} ${item}`);
  return Object.entries(value).flatMap(([type, ids]) => listOf(ids).map((id) => `${word} ${type} ${id}`));
}

function conditions(value: unknown): string[] {
  if (!isParent(value)) return listOf(value).map((item) => `condition ${item}`);
  return Object.entries(value).flatMap(([operator, keys]) =>
    Object.entries(isParent(keys) ? keys : {}).map(([key, wanted]) => condition(operator, key, listOf(wanted))),
  );
}

function describeCondition(block: unknown): string {
  const [operator, key] = [textOf(memberOf(block, "test")), textOf(memberOf(block, "variable"))];
  return condition(operator, key, listOf(memberOf(block, "values")));
}

function condition(operator: string, key: string, wanted: readonly string[]): string {
  return `condition ${operator} ${key} = ${[...wanted].sort().join(", ")}`;
}

function blocks(value: unknown, describe: (type: string, ids: readonly string[]) => readonly string[]): string[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((block: unknown) =>
    describe(textOf(memberOf(block, "type")), listOf(memberOf(block, "identifiers"))),
  );
}

function listOf(value: unknown, describe: (item: unknown) => string = textOf): string[] {
  if (value === undefined || value === null) return [];
  return [value].flat().map(describe);
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

function snakeCase(name: string): string {
  return name.replace(/(?<=[a-z])[A-Z]/g, "_$&").toLowerCase();
}
