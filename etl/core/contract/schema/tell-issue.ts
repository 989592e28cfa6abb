import type * as z from "zod";
import type { Fault } from "./limits";

const TYPES = "one of text, integer, bigint, numeric, double, boolean, date, timestamp, timestamptz, uuid, json";

/** Zod's names of types, in the words of contracts. */
const NAMES: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
};

/** Describes an issue of Zod in plain words. */
export function tellIssue(issue: z.core.$ZodIssue): readonly Fault[] {
  const path = issue.path.map(String);
  if (issue.code === "unrecognized_keys") {
    const [expected, fix] = ["nothing: there is no such option here", "Correct its name, or leave it out"];
    return issue.keys.map((key) => ({ path: [...path, key], expected, fix }));
  }
  if (issue.code === "invalid_union" && issue.errors.length === 0) {
    return [{ path, expected: TYPES, fix: "Correct the type" }];
  }
  return [{ path, expected: tell(issue) }];
}

function tell(issue: z.core.$ZodIssue): string {
  // The schema's own message.
  if (!/^(Invalid|Too) /.test(issue.message)) return issue.message;
  switch (issue.code) {
    case "invalid_type":
      return NAMES[issue.expected] ?? issue.expected;
    case "invalid_value":
      return `one of ${issue.values.map((value) => JSON.stringify(value)).join(", ")}`;
    case "invalid_union":
      return [...new Set(issue.errors.flat().map(tell))].join(", or ");
    case "too_small":
      return issue.origin === "string" ? "a text that is not empty" : least(issue);
    case "too_big":
      return issue.origin === "string" ? `at most ${issue.maximum} characters` : `${issue.maximum} or less`;
    default:
      return issue.message.replace(/^Invalid [a-z]+: (?:expected )?/, "");
  }
}

function least({ origin, minimum }: { readonly origin: string; readonly minimum: number | bigint }): string {
  return origin === "array" ? `a list of at least ${minimum}` : `${minimum} or more`;
}
