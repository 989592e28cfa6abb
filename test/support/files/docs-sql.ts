import { readFileSync } from "node:fs";
import { join } from "node:path";

const DOCS = join(__dirname, "../../../docs");

/** The statements of a page's blocks of SQL, by the comment above each. */
export function docsSql(page: string): ReadonlyMap<string, string> {
  const blocks = readFileSync(join(DOCS, page), "utf8").matchAll(/```sql\n(.*?)```/gs);
  const statements = [...blocks].flatMap(([, block = ""]) => [...block.matchAll(/^-- (.*)\n([^;]*);/gm)]);
  return new Map(statements.map(([, comment = "", statement = ""]) => [comment, statement]));
}
