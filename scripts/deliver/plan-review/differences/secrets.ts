import type { Change, Plan } from "../plan";
import { maskUrls } from "./mask-urls";
import { SENSITIVE } from "./sensitive";

/** Shorter texts are too common to search for in other texts. */
const SHORTEST = 6;

/**
 * The texts of a plan that are marked sensitive anywhere. Providers copy values without their marks (a tag into
 * `tags_all`), and people repeat them, so each is searched for everywhere. Credentials in addresses are also hidden,
 * marked or not.
 */
export class Secrets {
  readonly #forms: readonly string[];

  private constructor(texts: ReadonlySet<string>) {
    const forms = new Set([...texts].flatMap(encodings));
    this.#forms = [...forms].sort((a, b) => b.length - a.length);
  }

  static of({ resource_changes, resource_drift, variables, configuration }: Plan): Secrets {
    const found = new Set<string>();
    for (const { change } of [...resource_changes, ...resource_drift]) collectMarked(change, found);
    for (const [name, { sensitive }] of Object.entries(configuration.root_module.variables)) {
      if (sensitive) collect(variables[name]?.value, true, found);
    }
    return new Secrets(found);
  }

  redact(text: string): string {
    return maskUrls(this.#forms.reduce((rest, secret) => rest.replaceAll(secret, SENSITIVE), text));
  }
}

function collectMarked({ before, after, before_sensitive, after_sensitive }: Change, found: Set<string>): void {
  collect(before, before_sensitive, found);
  collect(after, after_sensitive, found);
}

function collect(value: unknown, mark: unknown, found: Set<string>): void {
  if (mark === true) collectTexts(value, found);
  else if (isParent(value) && isParent(mark)) {
    for (const [key, member] of Object.entries(value)) collect(member, memberOf(mark, key), found);
  }
}

function collectTexts(value: unknown, found: Set<string>): void {
  if (typeof value === "string") {
    if (value.length >= SHORTEST) found.add(value);
    const inner = parseJson(value);
    // Most words of a policy are not secret, and would be masked everywhere.
    if (isParent(inner) && memberOf(inner, "Statement") === undefined) collectTexts(inner, found);
  } else if (isParent(value)) {
    for (const member of Object.values(value)) collectTexts(member, found);
  }
}

/** As it is, as inside JSON, and as inside Terraform's JSON, which escapes `<`, `>` and `&`. */
function encodings(text: string): string[] {
  const json = JSON.stringify(text).slice(1, -1);
  const number = (sign: string) => `\\u00${sign.charCodeAt(0).toString(16)}`;
  return [text, json, json.replace(/[<>&]/g, number)];
}

export function parseJson(text: string): unknown {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function isParent(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

export function memberOf(value: unknown, key: string): unknown {
  return isParent(value) && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
}
