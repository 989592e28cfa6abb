import { provenance } from "../../../../etl/core/contract/schema/names";

/** PostgreSQL's limit. */
const NAME_BYTES = 63;
/** PostgreSQL's own columns, the loader's, and reserved words of JavaScript. */
const TAKEN = ["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid", "__proto__", ...provenance];

/**
 * Names for the columns of a table: lower-case letters, digits and underscores, each unique, whatever the header's
 * names.
 */
export function nameColumns(header: readonly string[]): readonly string[] {
  const names = new Set(TAKEN);
  return header.map((text, at) => {
    const wanted = toName(text, at);
    let name = wanted;
    for (let number = 2; names.has(name); number += 1) name = `${cut(wanted, `_${number}`.length)}_${number}`;
    names.add(name);
    return name;
  });
}

/** `Größe (cm)` is `grosse_cm`: letters without marks, in words. */
export function toName(text: string, at: number): string {
  const words = text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replaceAll("ß", "ss")
    .replace(/(\p{Ll})(\p{Lu})/gu, "$1_$2")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "_")
    .replace(/^_+|_+$/g, "");
  if (words === "") return `column_${at + 1}`;
  return cut(/^\d|^millrace_/.test(words) ? `column_${words}` : words);
}

function cut(name: string, less = 0): string {
  let short = name;
  while (Buffer.byteLength(short) > NAME_BYTES - less) short = Array.from(short).slice(0, -1).join("");
  return short.replace(/_+$/, "");
}
