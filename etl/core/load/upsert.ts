import { type RawBuilder, sql, type Transaction } from "kysely";
import { IS_INSERT, IS_NEW } from "./helper-columns";
import { enterLoad, type History, keepKeys, keepsValues, returnKey } from "./history";
import { inKeyOrder, joinPieces, type Pieces, type Sides } from "./pieces";
import { type InsertNew, plainFirst } from "./plain-first";
import { insertRevisions, listBefore } from "./revise";
import { differIn, isMissing, listColumns, sameKey, stage, type UpsertTarget } from "./stage";
import type { TableHabits } from "./table-habits";

/** The result of one upsert. `revisions` is 0 if none are kept. */
export interface UpsertCounts {
  readonly inserted: number;
  readonly updated: number;
  readonly revisions: number;
  /** Rows that differed from the table's and were not written; 0 if the table has no triggers. */
  readonly missed: number;
  /** Rows of the stage, if it is a part of the statement. */
  readonly keys?: number;
}

export interface UpsertOptions {
  /** What is kept; undefined for nothing, not even that there was a load. */
  readonly history: History | undefined;
  /** @default joined as a whole */
  readonly pieces: Pieces | undefined;
  readonly habits: TableHabits;
  /** The stage, as a part of the statement. @default it is a table */
  readonly staged?: RawBuilder<unknown>;
}

/**
 * Writes the stage into its target by one statement, and returns only counts.
 *
 * Rows equal to the target's are left out first by a join, which is several times faster than processing them with `ON
 * CONFLICT`. Of the rest, rows with a new key are inserted plainly, at half the cost of an insert prepared for a
 * conflict; `ON CONFLICT` updates the others. If another transaction has inserted one of those keys meanwhile, the
 * plain insert fails: everything is then done again with `ON CONFLICT` only.
 *
 * New rows are written in the key's order, then changed ones in the key's order, so that concurrent loads take their
 * locks in one order.
 *
 * In a table with triggers, which may drop or change rows, only the rows of `RETURNING` count as written.
 */
export async function upsertStage<DB>(
  trx: Transaction<DB>,
  target: UpsertTarget,
  options: UpsertOptions,
): Promise<UpsertCounts> {
  return plainFirst(trx, options.habits.isPartitioned, (insertNew) => upsertOnce(trx, target, options, insertNew));
}

const COUNTS = sql`count(*) filter (where ${sql.id(IS_INSERT)}) as inserted, count(*) filter (where not ${sql.id(IS_INSERT)}) as updated`;
const SUMS = sql`coalesce(sum(gathered.inserted), 0)::bigint as inserted, coalesce(sum(gathered.updated), 0)::bigint as updated`;
const ALL_SUMMED = sql`coalesce(sum(gathered.inserted + gathered.updated), 0)::bigint`;

/** All parts of the statement see the target's state before it, so the join that finds a row has its old values. */
async function upsertOnce<DB>(
  trx: Transaction<DB>,
  target: UpsertTarget,
  { history, pieces, habits, staged }: UpsertOptions,
  insertNew: InsertNew,
): Promise<UpsertCounts> {
  const [order, conflict] = [inKeyOrder(target.key, pieces), resolveConflict(target)];
  const isWatched = habits.triggers.length > 0;
  const isRevised = keepsValues(history);
  const key = returnKey(target, history);
  const returned = isWatched && isRevised ? listColumns([...target.key, ...target.columns], "t") : undefined;
  const { rows } = await sql<UpsertCounts>`
    with ${staged === undefined ? sql`` : sql`${staged}, `}differing as materialized (${joinPieces(target, pieces, (sides) => findDiffering(target, sides, isRevised))}),
    ${history === undefined ? sql`` : sql`${enterLoad(target, history)},`}
    changed as (select * from differing where not ${sql.id(IS_NEW)}),
    inserted as (${insertFrom(target, sql`differing where ${sql.id(IS_NEW)} ${order}`, insertNew === "plain" ? sql`` : conflict)}
      returning ${isInsert(habits, true)} as ${sql.id(IS_INSERT)}${key}),
    updated as (${insertFrom(target, sql`changed ${order}`, conflict)}
      returning ${isInsert(habits, false)} as ${sql.id(IS_INSERT)}${key}${returned === undefined ? sql`` : sql`, ${returned}`})
    ${isRevised ? sql`, revised as (${isWatched ? insertRevisions(target, history.run, "updated", sql`not ${sql.id("n", IS_INSERT)}`) : insertRevisions(target, history.run, "changed")})` : sql``}
    ${history?.kept === "full" ? sql`, ${keepKeys(target, history)}` : sql``}
    select ${history?.kept === "full" ? SUMS : COUNTS},
      ${isRevised ? sql`(select count(*) from revised)` : sql`0`} as revisions,
      ${isWatched ? sql`(select count(*) from differing) - ${history?.kept === "full" ? ALL_SUMMED : sql`count(*)`}` : sql`0`} as missed
      ${staged === undefined ? sql`` : sql`, (select count(*) from ${stage}) as keys`}
    from ${history?.kept === "full" ? sql`gathered` : sql`(select ${sql.id(IS_INSERT)} from inserted union all select ${sql.id(IS_INSERT)} from updated) as loaded`}`.execute(
    trx,
  );
  return rows[0] ?? { inserted: 0, updated: 0, revisions: 0, missed: 0 };
}

function findDiffering(
  { key, columns }: UpsertTarget,
  { staged, target }: Sides,
  withBefore: boolean,
): RawBuilder<unknown> {
  const isNew = isMissing(key, "t");
  return sql`select ${listColumns([...key, ...columns], "s")}, ${isNew} as ${sql.id(IS_NEW)}
    ${withBefore ? listBefore(columns) : sql``}
    from ${staged} as s left join ${target} as t on ${sameKey(key, "s", "t")}
    where ${isNew} or ${differIn(columns, "t", "s")}`;
}

function insertFrom(
  { table, key, columns }: UpsertTarget,
  rows: RawBuilder<unknown>,
  conflict: RawBuilder<unknown>,
): RawBuilder<unknown> {
  const all = listColumns([...key, ...columns]);
  return sql`insert into ${sql.table(table)} as t (${all})
    select ${all} from ${rows}
    ${conflict}`;
}

/**
 * For `RETURNING`: `xmax = 0` holds for an inserted row, not for an updated one. It does not work for a partitioned
 * table: there, inserted rows are inserted plainly, and updated rows existed when the statement began.
 */
export function isInsert({ isPartitioned }: TableHabits, isNew: boolean): RawBuilder<unknown> {
  return isPartitioned ? sql.lit(isNew) : sql`xmax = 0`;
}

function resolveConflict({ key, columns }: UpsertTarget): RawBuilder<unknown> {
  if (columns.length === 0) return sql`on conflict (${listColumns(key)}) do nothing`;
  const assignments = columns.map((column) => sql`${sql.id(column)} = ${sql.id("excluded", column)}`);
  return sql`on conflict (${listColumns(key)}) do update set ${sql.join(assignments)}
    where ${differIn(columns, "t", "excluded")}`;
}
