import { createHash } from "node:crypto";

/** What needs no rewriting in a folder's name, a key or an address, and is what pipelines and most tables are called. */
const PLAIN = /^[a-z0-9][a-z0-9_-]{0,99}$/;

/**
 * Where the page of a name lies, relative to the index: a folder of its own for each name, whatever signs it has. A name that
 * is no plain one gets a point and a hash, which no plain name has: names that differ in other signs alone stay apart.
 */
export function pagePlace(name: string): string {
  return `${pageFolder(name)}/index.html`;
}

/** The folder of that page. */
export function pageFolder(name: string): string {
  if (PLAIN.test(name)) return name;
  const readable = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]+/g, "-")
    .slice(0, 60);
  return `${readable}.${createHash("sha256").update(name).digest("hex").slice(0, 16)}`;
}
