import { type Kysely, sql } from "kysely";
import { writeCsv } from "./csv-text";
import { FORMAT, type KeptFile, type Manifest, tableFile } from "./manifest";
import { fixTexts, hashRows, readRows } from "./table-rows";
import { readTableShapes } from "./table-shapes";

/** Keeps one file of an export, compressed. */
export type KeepFile = (file: string, text: AsyncIterable<string>) => Promise<KeptFile>;

export interface ExportOptions {
  readonly keep: KeepFile;
  /** The contract of the feed that fills a table, if any. */
  readonly contractOf: (table: string) => unknown;
  /** Called with each table once it is kept. */
  readonly onTable?: (name: string, rows: number) => void;
}

/**
 * Exports all tables of the schema in force, as they are at one moment: nothing is locked, and nothing is written.
 *
 * @throws DatabaseError if a table has something that the export could not keep
 */
export async function exportTables<Tables>(
  db: Kysely<Tables>,
  { keep, contractOf, onTable }: ExportOptions,
): Promise<Manifest> {
  return (db as unknown as Kysely<unknown>)
    .transaction()
    .setIsolationLevel("repeatable read")
    .setAccessMode("read only")
    .execute(async (trx) => {
      await fixTexts(trx);
      const { rows } = await sql<{ server: string }>`select current_setting('server_version') as server`.execute(trx);
      const { tables: shapes, without } = await readTableShapes(trx);
      const tables: Manifest["tables"][number][] = [];
      for (const [at, shape] of shapes.entries()) {
        const file = tableFile(shape.name, at);
        const header = shape.columns.map(({ name }) => name);
        const kept = await keep(file, writeCsv(header, readRows(trx, shape)));
        const hash = await hashRows(trx, shape);
        tables.push({ ...shape, file, ...kept, ...hash, contract: contractOf(shape.name) ?? null });
        onTable?.(shape.name, hash.rows);
      }
      return {
        format: FORMAT,
        exported: new Date().toISOString(),
        server: rows[0]?.server ?? "",
        tables,
        ledgers: [],
        without: [...without],
      };
    });
}
