import { readFileSync, writeFileSync } from "node:fs";
import { relative } from "node:path";
import ts from "typescript";
import * as z from "zod";
import { MillraceError } from "../../../etl/core/errors";

/** Keys of `github` whose values GitHub knows. */
export type GithubSettings = Readonly<Record<string, string | number | boolean>>;

const overridesSchema = z.looseObject({ github: z.looseObject({}).optional() });

/**
 * Sets keys of `github` in an environment's file, or in the JSON file with its overrides.
 *
 * @param file ends in .ts or .json
 * @throws MillraceError if the file has no place for them; it is unchanged then
 */
export function fillConfig(file: string, settings: GithubSettings): void {
  const text = readFileSync(file, "utf8");
  const filled = file.endsWith(".json") ? inJson(text, settings) : inTypeScript(text, settings);
  if (filled === undefined) {
    throw new MillraceError("GitHub's ids cannot be written into the configuration", {
      got: "another form than { environment: …, github: { … } }",
      where: { source: relative(process.cwd(), file) },
      fix: `Set them by hand: ${asText(settings)}`,
    });
  }
  writeFileSync(file, filled);
}

/** In the form of a configuration file. */
export function asText(settings: GithubSettings): string {
  return `github: ${object(settings)}`;
}

function inJson(text: string, settings: GithubSettings): string {
  const overrides = overridesSchema.parse(JSON.parse(text));
  return `${JSON.stringify({ ...overrides, github: { ...overrides.github, ...settings } }, undefined, 2)}\n`;
}

/** Everything else is unchanged, including comments. @returns undefined if no object names the environment */
export function inTypeScript(text: string, settings: GithubSettings): string | undefined {
  const source = ts.createSourceFile("config.ts", text, ts.ScriptTarget.Latest, true);
  const config = findObject(source, (candidate) => propertyOf(candidate, "environment") !== undefined);
  const environment = config && propertyOf(config, "environment");
  if (config === undefined || environment === undefined) return undefined;
  const github = propertyOf(config, "github");
  if (github === undefined) return insert(text, environment.end, `,\n  ${asText(settings)}`);
  const section = findObject(github.initializer, () => true);
  if (section === undefined || github.initializer !== section) return undefined;
  const there = Object.entries(settings).map((entry) => ({ entry, at: propertyOf(section, entry[0]) }));
  const missing = there.filter(({ at }) => at === undefined).map(({ entry }) => property(entry));
  const last = section.properties.at(-1);
  const added =
    last === undefined
      ? { start: section.getStart(), end: section.end, text: braces(missing) }
      : { start: last.end, end: last.end, text: missing.map((one) => `, ${one}`).join("") };
  const changed = there.flatMap(({ entry: [, value], at }) =>
    at === undefined
      ? []
      : [{ start: at.initializer.getStart(), end: at.initializer.end, text: JSON.stringify(value) }],
  );
  // From the end, so that earlier positions stay valid.
  const edits = [...changed, added].sort((one, other) => other.start - one.start);
  return edits.reduce((edited, { start, end, text: what }) => edited.slice(0, start) + what + edited.slice(end), text);
}

function findObject(
  node: ts.Node,
  suits: (candidate: ts.ObjectLiteralExpression) => boolean,
): ts.ObjectLiteralExpression | undefined {
  if (ts.isObjectLiteralExpression(node) && suits(node)) return node;
  return ts.forEachChild(node, (child) => findObject(child, suits));
}

function propertyOf(node: ts.ObjectLiteralExpression, name: string): ts.PropertyAssignment | undefined {
  const isNamed = (one: ts.PropertyName) => (ts.isIdentifier(one) || ts.isStringLiteral(one)) && one.text === name;
  return node.properties.filter(ts.isPropertyAssignment).find((one) => isNamed(one.name));
}

function insert(text: string, at: number, what: string): string {
  return text.slice(0, at) + what + text.slice(at);
}

function object(settings: GithubSettings): string {
  return braces(Object.entries(settings).map(property));
}

function property([key, value]: readonly [string, unknown]): string {
  return `${key}: ${JSON.stringify(value)}`;
}

function braces(parts: readonly string[]): string {
  return `{ ${parts.join(", ")} }`;
}
