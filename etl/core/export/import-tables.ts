import { type Kysely, sql, type Transaction } from "kysely";
import { counted } from "../counted";
import type { CopyRows } from "../database/database";
import { restoreHistory } from "../database/make-as-of";
import { schemaInForce } from "../database/migrate";
import { DatabaseError, UsageError } from "../errors";
import { encodeCopyText } from "../load/copy-text";
import { readCsv } from "./csv-text";
import type { ExportedTable, Manifest } from "./manifest";
import { fixTexts, hashRows, isEmptySchema, type TextRow } from "./table-rows";

/** Reads one file of an export, as rows of fields. @throws if its checksum is another one, at its end at the latest */
export type OpenFile = (table: ExportedTable) => AsyncIterable<readonly string[]>;

export interface ImportOptions {
  readonly open: OpenFile;
  /** Called with each table once its rows are those of the export. */
  readonly onTable?: (name: string, rows: number) => void;
  /** Called when only the commit is left: from then on all of it may be kept. */
  readonly onCommit?: () => void;
}

/** There is something in the schema, so that nothing was begun. */
export class SchemaNotEmptyError extends UsageError {}

const ROWS_AT_ONCE = 1_000;

/**
 * Restores an export into a schema without tables, in one transaction: all tables, with all rows, or nothing.
 *
 * @throws SchemaNotEmptyError if the schema has something; DatabaseError if a table's rows are not those that were exported
 */
export async function importTables<Tables>(
  db: Kysely<Tables>,
  manifest: Manifest,
  options: ImportOptions,
): Promise<void> {
  const schema = await schemaInForce(db);
  await (db as unknown as Kysely<unknown>).transaction().execute(async (trx) => {
    if (!(await isEmptySchema(trx))) {
      throw new SchemaNotEmptyError(`The schema ${schema} is not empty`, {
        expected: "no table, view or sequence: an import adds nothing to what exists",
        fix: "Name an empty database, or another schema by search_path",
      });
    }
    await fixTexts(trx);
    for (const table of manifest.tables) await restore(trx, table, options);
    for (const isForeignKey of [false, true]) {
      for (const table of manifest.tables) await constrain(trx, table, isForeignKey);
    }
    await restoreHistory(trx);
    options.onCommit?.();
  });
}

async function restore(
  trx: Transaction<unknown>,
  table: ExportedTable,
  { open, onTable }: ImportOptions,
): Promise<void> {
  const { name, columns } = table;
  await sql`create table ${sql.id(name)} (${sql.join(columns.map(describe))})`.execute(trx);
  const header = columns.map((column) => column.name);
  const rows: CopyRows = encodeCopyText(
    recordsOf(header, readCsv(header, open(table), table.file)),
    header,
    () => undefined,
  );
  const names = sql.join(header.map((column) => sql.id(column)));
  const statement = sql`copy ${sql.id(name)} (${names}) from stdin`.compile(trx);
  await trx.executeQuery({ ...statement, parameters: [rows] });
  const hash = await hashRows(trx, table);
  if (hash.rows !== table.rows || hash.rowHash !== table.rowHash) {
    throw new DatabaseError(`The rows of ${name} are not those that were exported`, {
      got: `${counted(hash.rows, "row")}, hash ${hash.rowHash}`,
      expected: `${counted(table.rows, "row")}, hash ${table.rowHash}`,
      where: { source: table.file },
    });
  }
  for (const column of columns) {
    if (column.lastValue === null) continue;
    await sql`select setval(pg_get_serial_sequence(quote_ident(${name}), ${column.name}), ${column.lastValue}::int8)`.execute(
      trx,
    );
  }
  onTable?.(name, hash.rows);
}

async function constrain(
  trx: Transaction<unknown>,
  { name, constraints, indexes }: ExportedTable,
  isForeignKey: boolean,
): Promise<void> {
  for (const constraint of constraints.filter((each) => each.isForeignKey === isForeignKey)) {
    await sql`alter table ${sql.id(name)} add constraint ${sql.id(constraint.name)} ${sql.raw(constraint.definition)}`.execute(
      trx,
    );
  }
  if (!isForeignKey) for (const index of indexes) await sql.raw(index).execute(trx);
}

function describe({ name, type, notNull, default: given, identity }: ExportedTable["columns"][number]) {
  return sql`${sql.id(name)} ${sql.raw(type)} ${sql.raw(notNull ? "not null" : "")} ${
    given === null ? sql`` : sql`default ${sql.raw(given)}`
  } ${sql.raw(identity === null ? "" : `generated ${identity} as identity`)}`;
}

async function* recordsOf(header: readonly string[], rows: AsyncIterable<TextRow>) {
  let batch: Readonly<Record<string, string | null>>[] = [];
  for await (const row of rows) {
    batch.push(Object.fromEntries(header.map((name, at) => [name, row[at] ?? null])));
    if (batch.length < ROWS_AT_ONCE) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
