import * as z from "zod";
import { holdsCredential } from "../etl/core/fetch/secret-parameters";

/**
 * The kinds of value that configuration knows. Each says what it allows once, as `allowed`: the text of its
 * refusals and of its row in docs/configuration.md.
 */

/**
 * An object whose every key is known.
 *
 * @param elsewhere keys that a user may expect here, and what to do instead
 */
export function section<Shape extends z.ZodRawShape>(shape: Shape, elsewhere: Readonly<Record<string, string>> = {}) {
  const keys = Object.keys(shape).join(", ");
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== "unrecognized_keys") return `an object of ${keys}`;
      const notes = Object.entries(elsewhere).filter(([key]) => issue.keys.includes(key));
      return [`one of ${keys}`, ...notes.map(([, note]) => note)].join("; ");
    },
  });
}

/** A whole number within limits, both included. */
export function wholeNumber(least: number, most: number) {
  const allowed = `a whole number from ${least} to ${most}`;
  return z.number(allowed).int(allowed).min(least, allowed).max(most, allowed).meta({ allowed });
}

/** A text of a given form; `allowed` says it in words. */
export function text(form: RegExp, allowed: string) {
  return z.string(allowed).regex(form, allowed).meta({ allowed });
}

/** A text that a test accepts, where a regular expression cannot say it. */
export function checkedText(accepts: (value: string) => boolean, allowed: string) {
  return z.string(allowed).refine(accepts, allowed).meta({ allowed });
}

export function choice<const Values extends readonly [string, ...string[]]>(values: Values) {
  const allowed = `one of ${values.join(", ")}`;
  return z.enum(values, allowed).meta({ allowed });
}

export function flag() {
  return z.boolean("true or false").meta({ allowed: "true or false" });
}

/** How many rejected rows a run allows. */
export function rejectedLimit() {
  return text(
    /^(\d{1,15}|(100(\.0+)?|\d{1,2}(\.\d+)?)%)$/,
    "a number of rows of up to 15 digits, or a share as N%, up to 100%",
  );
}

/**
 * Two URLs and all other variables fit into the 4 KB of a function's environment ("Lambda quotas", Lambda developer
 * guide).
 */
const LONGEST_URL = 1000;

/** @param instead what to do with an address that needs a credential */
export function httpUrl(instead = "") {
  const allowed = `an http:// or https:// URL without credentials, of up to ${LONGEST_URL} characters`;
  return z
    .url({ protocol: /^https?$/, error: allowed, abort: true })
    .max(LONGEST_URL, allowed)
    .refine((url) => !holdsCredential(new URL(url)), `${allowed}${instead}`)
    .meta({ allowed });
}

/**
 * A secret's ARN as Secrets Manager shows it, with the six characters that it adds to the name: IAM compares the whole
 * ARN. A wildcard would allow access to other secrets, too.
 */
export function secretArn() {
  return text(
    /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@!-]{1,512}-[A-Za-z0-9]{6}$/,
    "a secret's whole ARN: arn:PARTITION:secretsmanager:REGION:ACCOUNT:secret:NAME-SUFFIX, with the six characters at its end",
  );
}

/** The ARN of a key, not of an alias: IAM decides on keys, whatever name a request gives them. */
export function keyArn() {
  return text(
    /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[a-z0-9-]+$/,
    "a key's ARN, not an alias: arn:PARTITION:kms:REGION:ACCOUNT:key/ID",
  );
}

/** IAM allows 512 characters in a path and 64 in a name; policies with many principals have no room for that. */
const LONGEST_PRINCIPAL = 256;

/**
 * One principal of IAM: an account, by its root, a role or a user. A wildcard would admit later principals of a
 * matching name, and the ARN of a role's session is valid for that session only.
 */
export function principalArn() {
  const allowed =
    "the ARN of one account, role or user without wildcards: arn:PARTITION:iam::ACCOUNT:root, …:role/NAME or …:user/NAME, " +
    `up to ${LONGEST_PRINCIPAL} characters`;
  return text(/^arn:aws[a-z-]*:iam::\d{12}:(root|(role|user)(\/[\w+=,.@-]{1,128})+)$/, allowed).max(
    LONGEST_PRINCIPAL,
    allowed,
  );
}

/** The identifier that EC2 gives a resource, for example `resourceId("vpc")` for vpc-0123456789abcdef0. */
export function resourceId(kind: string) {
  return text(new RegExp(`^${kind}-[0-9a-f]{8,17}$`), `an id that begins with ${kind}-`);
}
