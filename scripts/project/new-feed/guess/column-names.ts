import { provenance } from "../../../../etl/core/contract/schema/names";

/** PostgreSQL's limit. */
const NAME_BYTES = 63;
/** PostgreSQL's own columns, the loader's, and reserved words of JavaScript. */
const TAKEN = ["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid", "__proto__", ...provenance];

/**
 * Names for the columns of a table: lower-case letters, digits and underscores, each unique, whatever the header's
 * names. Those that are such names already keep them: `--key id` is the column `id`, also behind one `ID`.
 */
export function nameColumns(header: readonly string[]): readonly string[] {
  const wanted = header.map(toName);
  const kept = new Map(
    wanted
      .map((name, at) => [name, at] as const)
      .filter(([name, at]) => header[at] === name)
      .reverse(),
  );
  const names = new Set(TAKEN);
  for (const name of [...kept.keys()]) {
    if (names.has(name)) kept.delete(name);
    else names.add(name);
  }
  return wanted.map((base, at) => {
    if (kept.get(base) === at) return base;
    let name = base;
    for (let number = 2; names.has(name); number += 1) name = `${cut(base, `_${number}`.length)}_${number}`;
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
