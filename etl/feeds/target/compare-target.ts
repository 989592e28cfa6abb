import { type Kysely, sql } from "kysely";
import type { Feed } from "../../core/contract/contract";
import { provenance } from "../../core/contract/schema/names";
import { dropRule, quote, quoteTable, readHabits } from "../../core/load/table-habits";
import type { FeedTables } from "../ledger/tables";
import { misfitsOf } from "./column-fit";
import { createTarget, sqlType } from "./create-target";
import type { Difference } from "./difference";
import { findRowSecurity } from "./row-security";

/** What to do where the rows that the ledger has as loaded are gone. */
/** How a person asks for a run that reads all objects again. */
export const AGAIN = '--full (on AWS {"full": true})';
export const LOAD_AGAIN = `Load everything again: ${AGAIN}`;

interface FoundColumn {
  readonly name: string;
  /** Of a domain, the type below it. */
  readonly type: string;
  /** Of an enum. */
  readonly labels: readonly string[];
  readonly notNull: boolean;
  /** Whether a row can leave it out. */
  readonly optional: boolean;
  /** How the database fills it in, and takes no value of a row. */
  readonly filledBy: "EXPRESSION" | "IDENTITY" | null;
  readonly isIdentity: boolean;
}

/** What keeps a contract from being loaded into its table. */
export async function compareTarget(db: Kysely<FeedTables>, contract: Feed): Promise<Difference[]> {
  const table = quoteTable(contract.table);
  const create = `${createTarget(contract).compile(db).sql};`;
  const other = await findOtherKind(db, contract.table);
  if (other !== undefined) {
    const { kind, name } = other;
    const rename = `ALTER ${kind.toUpperCase()} ${table} RENAME TO ${quote(`${name}_${kind.replaceAll(" ", "_")}`)};`;
    return [{ what: `${contract.table} is a ${kind}`, sql: `${rename} ${create}`, andThen: ` ${LOAD_AGAIN}` }];
  }
  const found = await readColumns(db, contract.table);
  if (found.size === 0)
    return [
      {
        what: `there is no table ${contract.table}`,
        sql: `${(await createSchema(db, contract.table)) ?? ""}${create}`,
        andThen: ` ${LOAD_AGAIN}`,
      },
    ];
  const wanted = [
    ...Object.entries(contract.columns).map(([name, column]) => ({
      name,
      of: column,
      type: sqlType(column),
      nullable: column.nullable === true,
    })),
    ...provenance.map((name) => ({ name, of: { type: "bigint" } as const, type: "bigint", nullable: true })),
  ];
  const alter = (rest: string) => `ALTER TABLE ${table} ${rest};`;
  const isEmpty = wanted.some(({ name }) => !found.has(name)) && (await hasNoRow(db, contract.table));
  const differences = wanted.flatMap(({ name, of, type, nullable }): Difference[] => {
    const column = found.get(name);
    const id = quote(name);
    if (column === undefined) {
      const mayBeAdded = nullable && !provenance.some((own) => own === name);
      return [
        {
          what: `no column ${name}`,
          sql: alter(`ADD COLUMN ${id} ${type}${notNull(nullable, isEmpty)}`),
          ...(mayBeAdded && { column: name }),
        },
      ];
    }
    return [
      ...(column.filledBy === null
        ? []
        : [
            {
              what: `the database fills ${name} itself`,
              sql: alter(`ALTER COLUMN ${id} ${leaveToUs(column.filledBy, nullable)}`),
            },
          ]),
      ...misfitsOf(column, name, of).map((what) => ({
        what,
        sql: alter(`ALTER COLUMN ${id} TYPE ${type} USING ${id}::${type}${noteOnRewrite(column.type, type)}`),
      })),
      ...(nullable && column.notNull
        ? [{ what: `${name} takes no NULL`, sql: alter(takeNull(column, `ALTER COLUMN ${id}`).join(", ")) }]
        : []),
    ];
  });
  const { rules, isPartitioned } = await readHabits(db, contract.table);
  const names = new Set(wanted.map(({ name }) => name));
  const unfilled = [...found.values()].filter(({ name, optional }) => !names.has(name) && !optional);
  return [
    ...differences,
    ...(await findPartitionFaults(db, contract.table)),
    ...(await findRowSecurity(db, contract.table)),
    ...unfilled.map(({ name }) => ({
      what: `${name} needs a value that the contract does not have`,
      sql: alter(`ALTER COLUMN ${quote(name)} DROP NOT NULL`),
    })),
    ...rules.map((rule) => ({
      what: `the rule ${rule} rewrites what is written`,
      sql: dropRule(rule, contract.table),
    })),
    ...((await hasUniqueKey(db, contract))
      ? []
      : [
          {
            what: `no unique index on exactly ${contract.key.join(", ")}`,
            sql: createIndex(table, contract.key, isPartitioned),
          },
        ]),
  ];
}

/** Rows that are there have no value for a new column: until all are loaded again, it may be NULL. */
function notNull(nullable: boolean, isEmpty: boolean): string {
  if (nullable) return "";
  return isEmpty ? " NOT NULL" : " /* SET NOT NULL once each row has a value */";
}

/** Of no limit is `varchar` the same as `text` on disk; each other change of a type writes each row anew. */
function noteOnRewrite(from: string, to: string): string {
  const isKept = to === "text" && from.startsWith("character varying");
  return isKept ? "" : " /* writes the whole table anew, which nobody can read or write meanwhile */";
}

/** Of a partitioned table PostgreSQL makes none side by side with writers. */
function createIndex(table: string, key: readonly string[], isPartitioned: boolean): string {
  const instead = ", but CREATE UNIQUE INDEX CONCURRENTLY lets them, by itself and outside a transaction";
  const note = `nobody can write to the table meanwhile${isPartitioned ? "" : instead}`;
  return `CREATE UNIQUE INDEX ON ${table} (${key.map(quote).join(", ")}) /* ${note} */;`;
}

async function hasNoRow(db: Kysely<FeedTables>, table: string): Promise<boolean> {
  const { rows } = await sql<{ empty: boolean }>`select not exists (select from ${sql.table(table)}) as empty`.execute(
    db,
  );
  return rows[0]?.empty === true;
}

/** What lets a row bring its own value. An identity is kept where the row always has one. */
function leaveToUs(filledBy: "EXPRESSION" | "IDENTITY", nullable: boolean): string {
  return filledBy === "IDENTITY" && !nullable ? "SET GENERATED BY DEFAULT" : `DROP ${filledBy}`;
}

/** What lets a column take NULL, which an identity never does. */
function takeNull({ filledBy, isIdentity }: FoundColumn, column: string): readonly string[] {
  const isLeft = isIdentity && filledBy === null;
  return [...(isLeft ? [`${column} DROP IDENTITY`] : []), `${column} DROP NOT NULL`];
}

/** The statement that makes the schema of a table, where that one is missing. */
export async function createSchema(db: Kysely<FeedTables>, table: string): Promise<string | undefined> {
  const [schema, name] = table.split(".");
  if (schema === undefined || name === undefined) return undefined;
  const { rows } = await sql<{ there: boolean }>`select to_regnamespace(${quote(schema)}) is not null as there`.execute(
    db,
  );
  return rows[0]?.there === true ? undefined : `CREATE SCHEMA ${quote(schema)}; `;
}

/** By `pg_class.relkind`: what is no table that rows can be upserted into, though it has a table's name. */
const OTHER_KINDS: Readonly<Record<string, string>> = {
  v: "view",
  m: "materialized view",
  f: "foreign table",
  S: "sequence",
  c: "type",
  i: "index",
  I: "index",
};

async function findOtherKind(
  db: Kysely<FeedTables>,
  table: string,
): Promise<{ readonly kind: string; readonly name: string } | undefined> {
  const { rows } = await sql<{ relkind: string; name: string }>`
    select relkind, relname as name from pg_class where oid = to_regclass(${quoteTable(table)})`.execute(db);
  const [found] = rows;
  const kind = OTHER_KINDS[found?.relkind ?? ""];
  return found === undefined || kind === undefined ? undefined : { kind, name: found.name };
}

async function readColumns(db: Kysely<FeedTables>, table: string): Promise<ReadonlyMap<string, FoundColumn>> {
  const { rows } = await sql<FoundColumn>`
    select attname as name, format_type(t.oid, coalesce(below.mod, atttypmod)) as type, attnotnull as "notNull",
      array(select enumlabel::text from pg_enum where enumtypid = t.oid order by enumsortorder) as labels,
      (not attnotnull or atthasdef or attidentity <> '') as optional, attidentity <> '' as "isIdentity",
      case when attgenerated <> '' then 'EXPRESSION' when attidentity = 'a' then 'IDENTITY' end as "filledBy"
    from pg_attribute left join lateral (
        with recursive chain (type, mod, depth) as (
          select typbasetype, typtypmod, 1 from pg_type where oid = atttypid and typtype = 'd'
          union all
          select typbasetype, typtypmod, depth + 1 from chain join pg_type on pg_type.oid = chain.type where typtype = 'd'
        )
        select type, mod from chain order by depth desc limit 1
      ) as below on true join pg_type as t on t.oid = coalesce(below.type, atttypid)
    where attrelid = to_regclass(${quoteTable(table)}) and attnum > 0 and not attisdropped
    order by attnum`.execute(db);
  return new Map(rows.map((column) => [column.name, column]));
}

/** A partitioned table without partitions takes no row, and no row can be upserted into a foreign one. */
async function findPartitionFaults(db: Kysely<FeedTables>, table: string): Promise<Difference[]> {
  const { rows } = await sql<{ name: string | null; kind: string }>`
    select relid::regclass::text as name, relkind as kind
    from pg_partition_tree(to_regclass(${quoteTable(table)})) join pg_class on pg_class.oid = relid`.execute(db);
  if (!rows.some(({ kind }) => kind === "p")) return [];
  const foreign = rows.filter(({ kind }) => kind === "f");
  if (rows.every(({ kind }) => kind === "p")) {
    const name = quote(`${table.split(".").at(-1)}_default`);
    const what = `${table} is partitioned and has no partition`;
    return [{ what, sql: `CREATE TABLE ${name} PARTITION OF ${quoteTable(table)} DEFAULT;` }];
  }
  return foreign.map(({ name }) => ({
    what: `the partition ${name} is a foreign table, which takes no upsert`,
    sql: `ALTER TABLE ${quoteTable(table)} DETACH PARTITION ${name};`,
  }));
}

/** What `ON CONFLICT (key)` asks for: unique, of plain columns, for all rows, checked at once. */
async function hasUniqueKey(db: Kysely<FeedTables>, { table, key }: Feed): Promise<boolean> {
  const { rows } = await sql`
    select 1 from pg_index i where i.indrelid = to_regclass(${quoteTable(table)}) and i.indisunique and i.indisvalid
      and i.indimmediate and i.indpred is null and i.indexprs is null and (
        select array_agg(a.attname::text order by a.attname::text)
        from unnest(i.indkey) with ordinality as k (attnum, place)
          join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
        where k.place <= i.indnkeyatts
      ) = ${sql.val([...key].sort())}::text[]`.execute(db);
  return rows.length > 0;
}
