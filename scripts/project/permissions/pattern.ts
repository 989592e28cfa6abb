/** Whether a text matches an IAM pattern: `*` matches any text, `?` one character. Case-sensitive by default. */
export function matches(pattern: string, text: string, flags: "" | "i" = ""): boolean {
  const parts = pattern
    .replace(/[.\\+^${}()|[\]]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${parts}$`, `s${flags}`).test(text);
}

/** Broader patterns come first; equally broad ones by their text. */
export function broaderFirst(a: string, b: string): number {
  return stars(b) - stars(a) || a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}

function stars(pattern: string): number {
  return pattern === "*" ? Number.POSITIVE_INFINITY : pattern.split("*").length;
}
