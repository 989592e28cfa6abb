import { type Kysely, sql } from "kysely";

/** What each migration of the ledger of feeds added, so that a test can take it away. */
const ADDED: Readonly<Record<string, readonly string[]>> = {
  "002-unended-runs": [
    "alter table import_run drop column attended, drop column judged",
    "alter table import_chunk drop column counted_in",
  ],
  "003-lost-tables": ["drop table import_target", "alter table import_chunk drop column lost"],
  "004-dropped-rows": ["alter table import_chunk drop column dropped, drop column altered"],
  "005-columns": ["alter table import_chunk drop column header, drop column empty"],
  "006-runs-of-feeds": [
    "alter table import_run drop column scope, drop column planned, drop column alive_until",
    "drop table import_request",
  ],
  "007-rejected-objects": [
    "alter table import_chunk drop column fingerprint, drop column refused",
    "alter table import_run drop column fingerprint, drop column notes",
    `alter table import_object drop column kind, drop column rejected_since, drop column rejected_by,
      drop column rejected_reason, drop column rejected_fingerprint`,
  ],
  "008-tried-chunks": ["alter table import_run drop column tried"],
  "009-proof": ["alter table import_chunk drop column code, drop column result"],
};

/** The statements that make the ledger what the version left that had no migration from this one on. */
export function ledgerBefore(migration: string): readonly string[] {
  const later = Object.entries(ADDED).filter(([name]) => name >= migration);
  return [
    ...later.flatMap(([, statements]) => statements),
    `delete from millrace_migration_import where name >= '${migration}'`,
  ];
}

export async function returnLedger<Tables>(db: Kysely<Tables>, migration: string): Promise<void> {
  for (const statement of ledgerBefore(migration)) await sql.raw(statement).execute(db);
}
