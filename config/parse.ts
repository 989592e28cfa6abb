import type * as z from "zod";
import { isUrl, MASK, maskText } from "../etl/core/fetch/mask-url";
import { ConfigError } from "./config-error";
import { type Config, type ConfigInput, configSchema } from "./schema";

/**
 * Validates a configuration, fills its defaults and freezes it.
 *
 * @param source names it in the refusal, for example `config/dev.ts`.
 * @throws ConfigError with one line for each wrong key: its path, the value got, the values allowed.
 */
export function parseConfig(input: ConfigInput, source: string): Config {
  const parsed = configSchema.safeParse(input, { reportInput: true });
  if (!parsed.success) throw new ConfigError(source, parsed.error.issues.map(describeIssue), parsed.error);
  return freeze(parsed.data);
}

function describeIssue(issue: z.core.$ZodIssue): string {
  const path = issue.path.map(String);
  if (issue.code === "unrecognized_keys") path.push(issue.keys.join(", "));
  return `${path.join(".")}: got ${describeInput(issue)}, allowed is ${issue.message}`;
}

function describeInput(issue: z.core.$ZodIssue): string {
  if (issue.code === "unrecognized_keys") return "an unknown key";
  // A rule over two keys, and an unknown mode, are reported with the section that holds them.
  const holdsKey = (issue.code === "custom" || issue.code === "invalid_union") && isRecord(issue.input);
  const input = holdsKey ? findMember(issue.input, issue.path) : issue.input;
  if (input === undefined) return "nothing";
  // An error may end up in a log that more people read than the configuration.
  const [last = ""] = issue.path.slice(-1);
  return JSON.stringify(input, (key, member) =>
    typeof member === "string" ? shown(member, key === "" ? String(last) : key, issue.path) : member,
  );
}

/**
 * A text with its possible secrets masked: a value given instead of a secret's ARN, a private key, the path of a
 * webhook's address, and what {@link maskText} masks.
 */
function shown(text: string, key: string, path: readonly PropertyKey[]): string {
  const isSecret = /secretArn$/i.test(key) ? !text.startsWith("arn:") : /PRIVATE KEY|^[^\s/@:]+:[^\s/@]+@/.test(text);
  if (isSecret) return MASK;
  if (path.includes("webhooks") && isUrl(text)) return URL.canParse(text) ? `${new URL(text).origin}/${MASK}` : MASK;
  return maskText(text);
}

/** The value at the end of a path that begins somewhere above the section. */
function findMember(section: unknown, path: readonly PropertyKey[]): unknown {
  return path.map((_, start) => path.slice(start).reduce(memberOf, section)).find((member) => member !== undefined);
}

function memberOf(section: unknown, key: PropertyKey): unknown {
  return isRecord(section) ? section[String(key)] : section;
}

function freeze<T>(value: T): T {
  if (isRecord(value)) for (const member of Object.values(value)) freeze(member);
  return Object.freeze(value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
