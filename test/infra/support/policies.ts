import type { Block } from "./block";

/** A statement whose single values are lists, whatever form it was written in. */
export interface PolicyStatement {
  readonly effect: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** `Service:lambda.amazonaws.com`, `*`; none in an identity policy. */
  readonly principals: readonly string[];
  /** Operator → key → values. */
  readonly conditions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

export interface Policy {
  /** The block that it is written in, and the argument: `aws_s3_bucket_policy.x#policy`. */
  readonly place: string;
  /** The type of that block. */
  readonly type: string;
  readonly statements: readonly PolicyStatement[];
}

/** The IAM documents of blocks: JSON in an argument, and `aws_iam_policy_document`. */
export function readPolicies(blocks: readonly Block[]): readonly Policy[] {
  return blocks.flatMap((block) =>
    block.type === "aws_iam_policy_document" ? [readDocument(block)] : readArguments(block),
  );
}

function readArguments({ address, type, arguments: args }: Block): readonly Policy[] {
  return Object.entries(args).flatMap(([name, value]) => {
    const document = typeof value === "string" && value.includes('"Statement"') ? JSON.parse(value) : undefined;
    if (document === undefined) return [];
    return [{ place: `${address}#${name}`, type, statements: list(document.Statement).map(readJsonStatement) }];
  });
}

interface JsonStatement {
  readonly Effect: string;
  readonly Action: unknown;
  readonly Resource?: unknown;
  readonly Principal?: unknown;
  readonly Condition?: Readonly<Record<string, object>>;
}

function readJsonStatement(statement: unknown): PolicyStatement {
  const { Effect, Action, Resource, Principal, Condition = {} } = statement as JsonStatement;
  return {
    effect: Effect,
    actions: list(Action),
    resources: list(Resource),
    principals: Principal === undefined ? [] : readPrincipals(Principal),
    conditions: mapValues(Condition, (keys) => mapValues(keys as object, list)),
  };
}

function readPrincipals(principal: unknown): readonly string[] {
  if (typeof principal === "string") return [principal];
  return Object.entries(principal as object).flatMap(([kind, names]) => list(names).map((name) => `${kind}:${name}`));
}

function readDocument({ address, type, arguments: args }: Block): Policy {
  return { place: address, type, statements: list(args.statement).map(readDocumentStatement) };
}

interface DocumentStatement {
  readonly effect?: string;
  readonly actions?: readonly string[];
  readonly resources?: readonly string[];
  readonly principals?: readonly { readonly type: string; readonly identifiers: readonly string[] }[];
  readonly condition?: readonly { readonly test: string; readonly variable: string; readonly values: string[] }[];
}

function readDocumentStatement(statement: unknown): PolicyStatement {
  const { effect = "Allow", actions, resources, principals, condition = [] } = statement as DocumentStatement;
  const conditions: Record<string, Record<string, readonly string[]>> = {};
  for (const { test, variable, values } of condition) conditions[test] = { ...conditions[test], [variable]: values };
  return {
    effect,
    actions: actions ?? [],
    resources: resources ?? [],
    principals: (principals ?? []).flatMap((p) => p.identifiers.map((name) => `${p.type}:${name}`)),
    conditions,
  };
}

function list(value: unknown): readonly string[] {
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]) as readonly string[];
}

function mapValues<T>(record: object, change: (value: unknown) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
