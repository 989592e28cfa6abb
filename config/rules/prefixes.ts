/**
 * The longest: those of all partners are in one pattern of EventBridge, which is limited to 2,048 characters
 * (EventBridge quotas).
 */
const LONGEST = 100;

/**
 * A prefix below which an outside partner may put objects: whole folders, each with a name. Without the slash at its
 * end, `acme` would reach into `acme-other/`; `.` and `..` are plain names to S3, but not to programs that turn keys
 * into paths.
 */
export function isFolderPrefix(text: string): boolean {
  return (
    text.length <= LONGEST &&
    text.endsWith("/") &&
    text
      .slice(0, -1)
      .split("/")
      .every((name) => /^[^\s*?\p{Cc}]([^*?\p{Cc}]*[^\s*?\p{Cc}])?$/u.test(name) && !/^\.{1,2}$/.test(name))
  );
}

/** Whether a key can begin with both. */
export function prefixesOverlap(one: string, other: string): boolean {
  return one.startsWith(other) || other.startsWith(one);
}
