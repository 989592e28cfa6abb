import { type Kysely, sql } from "kysely";
import type { Column } from "../../core/contract/column";
import type { Feed } from "../../core/contract/contract";
import { provenance } from "../../core/contract/schema/names";
import { disinherit, dropRule, quote, quoteTable, readHabits } from "../../core/load/table-habits";
import type { FeedTables } from "../ledger/tables";
import { changeType } from "./change-type";
import { type Found, misfitsOf } from "./column-fit";
import { createTarget, sqlType } from "./create-target";
import type { Difference } from "./difference";
import { findRowSecurity } from "./row-security";
import { createIndex, dropNotNull, findPartitionFaults, readShape, type Shape } from "./shape";

/** How a user starts a run that reads all objects again. */
export const AGAIN = '--full (on AWS {"full": true})';
/** What to do if the rows that the ledger has as loaded are lost. */
export const LOAD_AGAIN = `Load everything again: ${AGAIN}`;

interface FoundColumn extends Found {
  readonly name: string;
  readonly notNull: boolean;
  /** Whether a row can leave it out. */
  readonly optional: boolean;
  /** How the database generates it and refuses a row's value. */
  readonly filledBy: "EXPRESSION" | "IDENTITY" | null;
  readonly isIdentity: boolean;
}

/** The differences that keep a contract from being loaded into its table. */
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
  if (found.size === 0) {
    const schema = (await createSchema(db, contract.table)) ?? "";
    return [{ what: `there is no table ${contract.table}`, sql: `${schema}${create}`, andThen: ` ${LOAD_AGAIN}` }];
  }
  const origin = provenance.map((name) => [name, { type: "bigint", nullable: true }] as const);
  const wanted: readonly (readonly [string, Column])[] = [...Object.entries(contract.columns), ...origin];
  const isEmpty = wanted.some(([name]) => !found.has(name)) && (await hasNoRow(db, contract.table));
  const { rules, heirs, isPartitioned } = await readHabits(db, contract.table);
  const shape = await readShape(db, contract.table);
  const names = new Set(wanted.map(([name]) => name));
  const unfilled = [...found.values()].filter(({ name, optional }) => !names.has(name) && !optional);
  const { key } = contract;
  return [
    ...wanted.flatMap(([name, column]) => [...compareColumn(shape, { name, column, isEmpty }, found.get(name))]),
    ...(await findPartitionFaults(db, contract.table)),
    ...(await findRowSecurity(db, contract.table)),
    ...unfilled.map(({ name }) => ({
      what: `${name} needs a value that the contract does not have`,
      sql: dropNotNull(shape, name),
    })),
    ...heirs.map((heir) => ({
      what: `the table ${heir} inherits from ${contract.table}, and its rows would be taken for those of ${contract.table}`,
      sql: disinherit(heir, contract.table),
    })),
    ...rules.map((rule) => ({
      what: `the rule ${rule} rewrites what is written`,
      sql: dropRule(rule, contract.table),
    })),
    ...((await hasUniqueKey(db, contract))
      ? []
      : [
          {
            what: `no unique index on exactly ${key.join(", ")}`,
            sql: createIndex(contract.table, key, shape, isPartitioned),
          },
        ]),
  ];
}

/** A column that the table must have. */
interface Wanted {
  readonly name: string;
  readonly column: Column;
  /** Whether the table has no row. */
  readonly isEmpty: boolean;
}

function* compareColumn(shape: Shape, { name, column, isEmpty }: Wanted, found?: FoundColumn): Generator<Difference> {
  const [id, type, isNullable] = [quote(name), sqlType(column), column.nullable === true];
  const alter = (what: string, change: string) => ({ what, sql: `ALTER TABLE ${shape.whole} ${change};` });
  const retype = (what: string, change: string) => {
    return shape.partitionedBy.includes(name)
      ? { what, sql: `/* ${name} stays as it is: the table is partitioned by it. Load into another table */` }
      : alter(what, `ALTER COLUMN ${id} TYPE ${change}`);
  };
  if (found === undefined) {
    const mayBeAdded = isNullable && !shape.isPartition && !provenance.some((own) => own === name);
    const add = alter(`no column ${name}`, `ADD COLUMN ${id} ${type}${notNull(isNullable, isEmpty)}`);
    yield { ...add, ...(mayBeAdded && { column: name }) };
    return;
  }
  if (found.filledBy !== null) {
    const change = `ALTER COLUMN ${id} ${leaveToUs(found.filledBy, isNullable)}`;
    yield alter(`${name} is generated by the database`, change);
  }
  const misfits = misfitsOf(found, name, column);
  for (const what of misfits) yield retype(what, changeType(id, found, column));
  if (misfits.length === 0 && found.loose !== null) {
    const what = `${name} has the collation ${found.loose}, by which different texts are equal: a change could be missed`;
    yield retype(what, `${found.declared} COLLATE "default"`);
  }
  if (isNullable && found.notNull) {
    const isLeft = found.isIdentity && found.filledBy === null;
    const also = isLeft ? [`ALTER COLUMN ${id} DROP IDENTITY`] : [];
    yield { what: `${name} does not allow NULL`, sql: dropNotNull(shape, name, also) };
  }
}

/** Existing rows have no value for a new column: until all are loaded again, it may be NULL. */
function notNull(nullable: boolean, isEmpty: boolean): string {
  if (nullable) return "";
  return isEmpty ? " NOT NULL" : " /* SET NOT NULL once each row has a value */";
}

async function hasNoRow(db: Kysely<FeedTables>, table: string): Promise<boolean> {
  const { rows } = await sql<{ empty: boolean }>`select not exists (select from ${sql.table(table)}) as empty`.execute(
    db,
  );
  return rows[0]?.empty === true;
}

/** The clause that allows a row its own value. An identity is kept if the row always has one. */
function leaveToUs(filledBy: "EXPRESSION" | "IDENTITY", nullable: boolean): string {
  return filledBy === "IDENTITY" && !nullable ? "SET GENERATED BY DEFAULT" : `DROP ${filledBy}`;
}

/** The statement that creates the schema of a table, if it is missing. */
export async function createSchema(db: Kysely<FeedTables>, table: string): Promise<string | undefined> {
  const [schema, name] = table.split(".");
  if (schema === undefined || name === undefined) return undefined;
  const { rows } = await sql<{ there: boolean }>`select to_regnamespace(${quote(schema)}) is not null as there`.execute(
    db,
  );
  return rows[0]?.there === true ? undefined : `CREATE SCHEMA ${quote(schema)}; `;
}

/** By `pg_class.relkind`: objects with a table's name into which rows cannot be upserted. */
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
    select attname as name, format_type(t.oid, coalesce(below.mod, atttypmod)) as type,
      format_type(atttypid, atttypmod) as declared, attnotnull as "notNull",
      (select oid::regcollation::text from pg_collation where oid = attcollation and not collisdeterministic) as loose,
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

/**
 * Whether there is an index as `ON CONFLICT (key)` needs it: unique, of plain columns, for all rows, checked at once.
 */
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
