import { type RawBuilder, sql, type Transaction } from "kysely";
import { type CopyRecord, encodeText } from "./copy-text";
import { KeyOrder } from "./key-order";
import { listColumns, stage } from "./stage";
import { quoteTable } from "./table-habits";

/** So many records, of so much text, are few: a temporary table and a COPY would take half of the time of their load. */
const FEW_RECORDS = 2_000;
const FEW_CHARACTERS = 1_048_576;

/**
 * The types of a table's columns, if few records can be sent to it as arrays.
 *
 * @returns undefined for a table with triggers, rules or heirs, a view, and for types whose values change when text is cast to them
 * (`char(n)`, `bit(n)`), that have checks (domains) or their own collation: these need the stage's columns
 */
export async function readPlainTypes<DB>(
  trx: Transaction<DB>,
  table: string,
  columns: readonly string[],
): Promise<readonly string[] | undefined> {
  // A cast to `varchar(3)` would cut a longer text off, so its limit is left to the table.
  const { rows } = await sql<{ types: readonly string[] }>`
    select array(
      select format_type(a.atttypid, case when t.typname in ('varchar', 'varbit') then -1 else a.atttypmod end)
      from unnest(${toArray(columns)}::text::text[]) with ordinality as named (name, at)
      join pg_attribute as a on a.attrelid = c.oid and a.attname = named.name and a.attnum > 0 and not a.attisdropped
        and a.attcollation in (0, (select oid from pg_collation where collname = 'default' and collnamespace = 'pg_catalog'::regnamespace))
      join pg_type as t on t.oid = a.atttypid and t.typtype <> 'd' and t.typname not in ('bpchar', 'bit')
      order by at
    ) as types
    from pg_class as c
    where c.oid = to_regclass(${quoteTable(table)}) and c.relkind = 'r' and not c.relhastriggers and not c.relhasrules and not c.relhassubclass`.execute(
    trx,
  );
  const types = rows[0]?.types;
  return types?.length === columns.length ? types : undefined;
}

/** The beginning of a stream of records. */
export interface Gathered<Sent> {
  /** Values by column, each as text; undefined if the records are not few. */
  readonly few: readonly (readonly (string | null)[])[] | undefined;
  /** All records: those that were read, and then the others. */
  readonly records: AsyncIterable<readonly Sent[]>;
  /** Ends the source, which is open, if nobody reads the records to their end. */
  readonly close: () => Promise<unknown>;
}

/**
 * Reads records as long as they are few.
 *
 * @throws DatabaseError for a record that cannot be stored, as {@link encodeText} does, or has no key
 */
export async function gatherFew<Column extends string, Sent extends CopyRecord<Column>>(
  records: AsyncIterable<readonly Sent[]>,
  key: readonly Column[],
  columns: readonly Column[],
): Promise<Gathered<Sent>> {
  const order = new KeyOrder<Column>(key, new Map(), (column) => (record) => record[column]);
  const few = columns.map((): (string | null)[] => []);
  const read: (readonly Sent[])[] = [];
  const iterator = records[Symbol.asyncIterator]();
  const close = async () => iterator.return?.();
  let [sent, characters] = [0, 0];
  try {
    while (sent <= FEW_RECORDS && characters <= FEW_CHARACTERS) {
      const { done, value: batch } = await iterator.next();
      if (done === true) return { few, records: inTurn(read), close };
      read.push(batch);
      for (const record of batch) {
        sent += 1;
        if (sent > FEW_RECORDS || characters > FEW_CHARACTERS) break;
        order.see(record, sent);
        for (const [at, column] of columns.entries()) {
          const text = encodeText(record[column], sent, column);
          few[at]?.push(text);
          characters += text?.length ?? 0;
        }
      }
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { few: undefined, records: inTurn(read, iterator), close };
}

async function* inTurn<Batch>(read: readonly Batch[], rest?: AsyncIterator<Batch>): AsyncGenerator<Batch> {
  yield* read;
  for (let next = await rest?.next(); next !== undefined && next.done !== true; next = await rest?.next())
    yield next.value;
}

/** The stage as a part of the statement that reads it: of each key, the record that came last. */
export function stageOf(
  few: readonly (readonly (string | null)[])[],
  types: readonly string[],
  key: readonly string[],
  columns: readonly string[],
): RawBuilder<unknown> {
  const arrays = few.map((values) => sql`${toArray(values)}::text::text[]`);
  const typed = columns.map((column, at) => sql`${sql.id(column)}::${sql.raw(types[at] ?? "")} as ${sql.id(column)}`);
  return sql`${stage} as materialized (
    select distinct on (${listColumns(key)}) ${listColumns(columns)} from (
      select ${sql.join(typed)}, millrace_at from unnest(${sql.join(arrays)}) with ordinality as sent (${listColumns(columns)}, millrace_at)
    ) as typed order by ${listColumns(key)}, millrace_at desc
  )`;
}

/** As PostgreSQL reads an array of texts. */
function toArray(values: readonly (string | null)[]): string {
  const items = values.map((value) => (value === null ? "NULL" : `"${value.replaceAll(/["\\]/g, "\\$&")}"`));
  return `{${items.join()}}`;
}
