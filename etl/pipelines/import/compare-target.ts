import { type Kysely, sql } from "kysely";
import { dropRule, quote, quoteTable, readHabits } from "../../core/load/table-habits";
import type { ImportContract } from "./contract";
import { createTarget, sqlType } from "./create-target";
import { provenance } from "./provenance";
import type { ImportTables } from "./tables";

/** Something that keeps a table from being loaded, and the SQL that mends it. */
export interface Difference {
  readonly what: string;
  readonly sql: string;
  /** What is left to do after that. */
  readonly andThen?: string;
}

/** What to do where the rows that the ledger has as loaded are gone. */
export const LOAD_AGAIN = 'Load everything again: --full, on AWS {"full": true}';

interface FoundColumn {
  readonly name: string;
  readonly type: string;
  readonly notNull: boolean;
  /** Whether a row can leave it out. */
  readonly optional: boolean;
  /** What has to be dropped before a row can fill it in: the database does. */
  readonly filledBy: "EXPRESSION" | "IDENTITY" | null;
}

/** What keeps a contract from being loaded into its table. */
export async function compareTarget(db: Kysely<ImportTables>, contract: ImportContract): Promise<Difference[]> {
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
    return [{ what: `there is no table ${contract.table}`, sql: create, andThen: ` ${LOAD_AGAIN}` }];
  const wanted = [
    ...Object.entries(contract.columns).map(([name, column]) => ({
      name,
      type: sqlType(column),
      nullable: column.nullable === true,
    })),
    ...provenance.map((name) => ({ name, type: "bigint", nullable: true })),
  ];
  const alter = (rest: string) => `ALTER TABLE ${table} ${rest};`;
  const differences = wanted.flatMap(({ name, type, nullable }): Difference[] => {
    const column = found.get(name);
    const id = quote(name);
    if (column === undefined) {
      return [{ what: `no column ${name}`, sql: alter(`ADD COLUMN ${id} ${type}`) }];
    }
    return [
      ...(column.filledBy === null
        ? []
        : [{ what: `the database fills ${name} itself`, sql: alter(`ALTER COLUMN ${id} DROP ${column.filledBy}`) }]),
      ...(holds(column.type, type)
        ? []
        : [
            {
              what: `${name} is ${column.type}, not ${type}`,
              sql: alter(`ALTER COLUMN ${id} TYPE ${type} USING ${id}::${type}`),
            },
          ]),
      ...(nullable && column.notNull
        ? [{ what: `${name} takes no NULL`, sql: alter(`ALTER COLUMN ${id} DROP NOT NULL`) }]
        : []),
    ];
  });
  const { rules } = await readHabits(db, contract.table);
  const names = new Set(wanted.map(({ name }) => name));
  const unfilled = [...found.values()].filter(({ name, optional }) => !names.has(name) && !optional);
  return [
    ...differences,
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
            sql: `CREATE UNIQUE INDEX ON ${table} (${contract.key.map(quote).join(", ")});`,
          },
        ]),
  ];
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
  db: Kysely<ImportTables>,
  table: string,
): Promise<{ readonly kind: string; readonly name: string } | undefined> {
  const { rows } = await sql<{ relkind: string; name: string }>`
    select relkind, relname as name from pg_class where oid = to_regclass(${quoteTable(table)})`.execute(db);
  const [found] = rows;
  const kind = OTHER_KINDS[found?.relkind ?? ""];
  return found === undefined || kind === undefined ? undefined : { kind, name: found.name };
}

/** Text may be a varchar without a limit, and a numeric one that loses no digit. */
function holds(found: string, wanted: string): boolean {
  if (found === wanted) return true;
  if (wanted === "text") return found === "character varying";
  if (wanted === "integer") return found === "bigint";
  const [have, need] = [numericShape(found), numericShape(wanted)];
  return have !== undefined && need !== undefined && have.before >= need.before && have.after >= need.after;
}

function numericShape(type: string): { readonly before: number; readonly after: number } | undefined {
  if (type === "numeric") return { before: Number.POSITIVE_INFINITY, after: Number.POSITIVE_INFINITY };
  const match = /^numeric\((\d+),(\d+)\)$/.exec(type);
  if (match === null) return undefined;
  const [precision, scale] = [Number(match[1]), Number(match[2])];
  return { before: precision - scale, after: scale };
}

async function readColumns(db: Kysely<ImportTables>, table: string): Promise<ReadonlyMap<string, FoundColumn>> {
  const { rows } = await sql<FoundColumn>`
    select attname as name, format_type(atttypid, atttypmod) as type, attnotnull as "notNull",
      (not attnotnull or atthasdef or attidentity <> '') as optional,
      case when attgenerated <> '' then 'EXPRESSION' when attidentity = 'a' then 'IDENTITY' end as "filledBy"
    from pg_attribute where attrelid = to_regclass(${quoteTable(table)}) and attnum > 0 and not attisdropped
    order by attnum`.execute(db);
  return new Map(rows.map((column) => [column.name, column]));
}

/** What `ON CONFLICT (key)` asks for: unique, of plain columns, for all rows, checked at once. */
async function hasUniqueKey(db: Kysely<ImportTables>, { table, key }: ImportContract): Promise<boolean> {
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
