import { createHash } from "node:crypto";

/** Names that need no escaping in a folder's name, a key or an address; those of pipelines and most tables are such. */
const PLAIN = /^[a-z0-9][a-z0-9_-]{0,99}$/;

/**
 * The place of a name's page, relative to the index: a folder of its own for each name, whatever characters it has. A
 * name that is not plain gets a point and a hash, which no plain name has: so names that differ only in other
 * characters have different places.
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
