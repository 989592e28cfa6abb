import type * as z from "zod";

/** Tags that every stack gives its resources. */
const OURS = ["Project", "Environment", "Stack", "ManagedBy"];
/**
 * An S3 object has at most ten tags ("Categorizing your objects using tags", S3 user guide), and ours are among them.
 */
const MOST = 10 - OURS.length;
/** Allowed by all services ("Best practices and strategies", Tagging AWS Resources). */
const SIGNS = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** Prefixes reserved by AWS and by RDS, in keys and in values (`Tag`, RDS API reference). */
const RESERVED = /^(aws|rds):/i;

export const TAGS_ALLOWED = `an object of at most ${MOST} texts`;

type Tags = Readonly<Record<string, string>>;

/** Refuses tags that any of the services refuses; each error has the key. */
export function checkTags(tags: Tags, context: z.core.$RefinementCtx<Tags>): void {
  const refuse = (key: string | undefined, message: string) =>
    context.issues.push({ code: "custom", input: tags, path: key === undefined ? [] : [key], message });
  const keys = Object.keys(tags);
  if (keys.length > MOST)
    refuse(undefined, `${TAGS_ALLOWED}: an S3 object has at most 10 tags, and ${OURS.length} are ours`);
  for (const key of keys) {
    const lower = key.toLowerCase();
    const isOurs = OURS.some((name) => name.toLowerCase() === lower);
    if (isOurs) refuse(key, `a key other than ${OURS.join(", ")}, which every resource has already`);
    const value = tags[key] ?? "";
    if (RESERVED.test(key)) refuse(key, "a key that does not begin with aws: or rds:");
    if (RESERVED.test(value)) refuse(key, "a value that does not begin with aws: or rds:");
    if (key.trim() === "" || key.length > 128 || !SIGNS.test(key)) refuse(key, `a key of 1 to 128 ${SIGNS_IN_WORDS}`);
    if (value.length > 256 || !SIGNS.test(value)) refuse(key, `up to 256 ${SIGNS_IN_WORDS}`);
    // IAM ignores case.
    const twin = keys.find((other) => other < key && other.toLowerCase() === lower);
    if (twin !== undefined) refuse(key, `a key other than ${twin}: IAM ignores case`);
  }
}

const SIGNS_IN_WORDS = "letters, digits, spaces and _ . : / = + - @";
