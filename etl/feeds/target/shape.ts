import { type Kysely, sql } from "kysely";
import { quote, quoteTable } from "../../core/load/table-habits";
import type { FeedTables } from "../ledger/tables";
import type { Difference } from "./difference";

/** What limits the changes of a table. */
export interface Shape {
  readonly isPartition: boolean;
  /** The quoted table whose columns can be changed: of a partition, the whole table. */
  readonly whole: string;
  /** The columns that decide a row's partition, on all levels of that table; an empty text for an expression. */
  readonly partitionedBy: readonly string[];
  /** Those of the table itself, which its unique indexes must have. */
  readonly ownPartitionedBy: readonly string[];
  /** The primary key of that table: its quoted name, and its columns; none without one. */
  readonly primaryKey: string | null;
  readonly primary: readonly string[];
}

export async function readShape(db: Kysely<FeedTables>, table: string): Promise<Shape> {
  const oid = sql`to_regclass(${quoteTable(table)})`;
  const columns = (relation: string) => sql`array(select distinct coalesce(attname::text, '')
    from pg_partition_tree(${sql.raw(relation)}) join pg_partitioned_table on partrelid = relid
      cross join unnest(partattrs) as part (at) left join pg_attribute on attrelid = relid and attnum = part.at order by 1)`;
  const { rows } = await sql<Shape>`
    select root::text as whole, root <> own as "isPartition", ${columns("root")} as "partitionedBy", ${columns("own")} as "ownPartitionedBy",
      quote_ident(conname) as "primaryKey", array(select attname::text from pg_attribute where attrelid = root and attnum = any(conkey)) as primary
    from (select ${oid} as own, coalesce(pg_partition_root(${oid}), ${oid}) as root) as named
      left join pg_constraint on conrelid = root and contype = 'p'`.execute(db);
  const [found] = rows;
  const none = { partitionedBy: [], ownPartitionedBy: [], primaryKey: null, primary: [] };
  if (found === undefined) return { whole: quoteTable(table), isPartition: false, ...none };
  return found.isPartition ? found : { ...found, whole: quoteTable(table) };
}

/** The statement that allows a column NULL. An identity never does, and no primary key: one with such a column is not the contract's. */
export function dropNotNull(shape: Shape, name: string, also: readonly string[] = []): string {
  const { whole, partitionedBy, primaryKey, primary } = shape;
  if (primaryKey !== null && primary.includes(name)) {
    if (partitionedBy.includes(name)) {
      return `/* ${name} cannot be NULL: the table is partitioned by it. Have it in the contract without nullable, and in its key */`;
    }
    return dropNotNull({ ...shape, primaryKey: null }, name, [`DROP CONSTRAINT IF EXISTS ${primaryKey}`, ...also]);
  }
  return `ALTER TABLE ${whole} ${[...also, `ALTER COLUMN ${quote(name)} DROP NOT NULL`].join(", ")};`;
}

/** The statement that creates a unique index of a key. On a partitioned table PostgreSQL creates none concurrently with writes. */
export function createIndex(
  table: string,
  key: readonly string[],
  { ownPartitionedBy }: Shape,
  isPartitioned: boolean,
): string {
  const lacking = ownPartitionedBy.filter((name) => !key.includes(name));
  if (lacking.includes(""))
    return "/* PostgreSQL has none for a table that is partitioned by an expression: load into another table */";
  if (lacking.length > 0) {
    const names = lacking.join(", ");
    return `/* PostgreSQL has none without what the table is partitioned by: add ${names} to the contract's key, or load into another table */`;
  }
  const instead = ", but CREATE UNIQUE INDEX CONCURRENTLY allows writes, if run separately and outside a transaction";
  const note = `the table cannot be written meanwhile${isPartitioned ? "" : instead}`;
  return `CREATE UNIQUE INDEX ON ${quoteTable(table)} (${key.map(quote).join(", ")}) /* ${note} */;`;
}

interface Part {
  readonly name: string;
  readonly parent: string;
  readonly kind: string;
  readonly isEmpty: boolean;
  readonly isHashed: boolean;
  /** A name that a partition of it can have. */
  readonly free: string;
}

/** A partitioned table without partitions accepts no row, and no row can be upserted into a foreign one. */
export async function findPartitionFaults(db: Kysely<FeedTables>, table: string): Promise<Difference[]> {
  const { rows: parts } = await sql<Part>`
    select relid::regclass::text as name, parentrelid::regclass::text as parent, relkind as kind, coalesce(partstrat = 'h', false) as "isHashed",
      relkind = 'p' and not exists (select from pg_inherits where inhparent = relid) as "isEmpty",
      (select name from generate_series(1, 99) as number (n)
          cross join lateral format('%I.%I', nspname, left(relname, 50) || '_default' || case n when 1 then '' else '_' || n end) as name
        where to_regclass(name) is null order by n limit 1) as free
    from pg_partition_tree(to_regclass(${quoteTable(table)})) join pg_class on pg_class.oid = relid
      join pg_namespace on pg_namespace.oid = relnamespace left join pg_partitioned_table on partrelid = relid`.execute(
    db,
  );
  if (!parts.some(({ kind }) => kind === "p")) return [];
  if (parts.every(({ kind }) => kind === "p")) {
    return parts
      .filter(({ isEmpty }) => isEmpty)
      .map(({ name, free, isHashed }) => ({
        what: `${name} is partitioned and has no partition`,
        sql: `CREATE TABLE ${free} PARTITION OF ${name} ${isHashed ? "FOR VALUES WITH (MODULUS 1, REMAINDER 0)" : "DEFAULT"};`,
      }));
  }
  return parts
    .filter(({ kind }) => kind === "f")
    .map(({ name, parent }) => ({
      what: `the partition ${name} is a foreign table, which does not support upserts`,
      sql: `ALTER TABLE ${parent} DETACH PARTITION ${name};`,
    }));
}
