import { type RawBuilder, sql, type Transaction } from "kysely";
import { SOURCE_OBJECT, SOURCE_OFFSET } from "../../core/contract/schema/names";
import { splitDifference } from "../../core/load/compare-written";
import { FATE, IS_INSERT } from "../../core/load/helper-columns";
import { enterLoad, type History, keepKeys, keepsValues, returnKey } from "../../core/load/history";
import { inKeyOrder, joinPieces, type Pieces, type Sides } from "../../core/load/pieces";
import { type InsertNew, plainFirst } from "../../core/load/plain-first";
import { insertRevisions, listBefore } from "../../core/load/revise";
import { differIn, isMissing, listColumns, sameKey, type UpsertTarget } from "../../core/load/stage";
import { fireDeferred, type TableHabits } from "../../core/load/table-habits";
import { isInsert } from "../../core/load/upsert";
import type { FeedTables } from "../ledger/tables";
import { lockTarget } from "../target/lock-target";
import type { TargetName } from "../target/target-name";

const [fate, isInserted] = [sql.id(FATE), sql.id(IS_INSERT)];

/** The outcome of the staged rows that were not simply equal to the table's. */
export interface NewestCounts {
  readonly inserted: number;
  readonly updated: number;
  /** Rows that gave way to a row of a newer object, or further down in the same one. */
  readonly superseded: number;
  /** Rows that were to be written and were not: a trigger dropped them. */
  readonly dropped: number;
  /** Rows that were written, and changed by a trigger. */
  readonly altered: number;
}

export interface NewestOptions {
  /** `import_object.id` of the stage's object. */
  readonly object: number;
  readonly pieces: Pieces | undefined;
  readonly habits: TableHabits;
  readonly name: TargetName;
  /**
   * What is kept. If it is any value, no other chunk is written meanwhile, because the join reads the row's old ones.
   */
  readonly history: History | undefined;
}

/**
 * Writes the stage, whose rows come from one object, into its target: a row gives way only to a row of a newer object,
 * or further down in the same one. So the order in which chunks are loaded does not matter.
 *
 * As in `upsertStage`, equal rows are left out by a join and new ones are inserted plainly. Chunks of a table upsert side by
 * side, new rows and then changed ones in the key's order, each waiting for the other and never both. A chunk whose new
 * key another one inserted meanwhile starts again with no other beside it: the mixed order would be the only way into a
 * deadlock.
 */
export async function upsertNewest(
  trx: Transaction<FeedTables>,
  target: UpsertTarget,
  options: NewestOptions,
): Promise<NewestCounts> {
  const { habits } = options;
  const { inserted, updated, superseded, missed } = await plainFirst(
    trx,
    habits.isPartitioned,
    async (insertNew, isFirst) => {
      await lockTarget(trx, options.name.full, isFirst && !keepsValues(options.history) ? "shared" : "exclusive");
      return upsertOnce(trx, target, options, insertNew);
    },
  );
  // Without triggers, rows that were not written gave way to rows that another chunk wrote after the join had read the
  // table.
  if (habits.triggers.length === 0) {
    return { inserted, updated, superseded: superseded + missed, dropped: 0, altered: 0 };
  }
  await fireDeferred(trx, habits);
  const { dropped, altered } = splitDifference(await countDifferent(trx, target, options), missed);
  return { inserted, updated, superseded: superseded + missed - dropped, dropped, altered };
}

interface WrittenCounts extends Pick<NewestCounts, "inserted" | "updated" | "superseded"> {
  /** Rows that seemed to be new, changed or of a newer object, and were not written. */
  readonly missed: number;
}

async function upsertOnce(
  trx: Transaction<FeedTables>,
  target: UpsertTarget,
  { object, pieces, habits, history }: NewestOptions,
  insertNew: InsertNew,
): Promise<WrittenCounts> {
  const [order, conflict] = [inKeyOrder(target.key, pieces), resolveConflict(target, object)];
  const isWatched = habits.triggers.length > 0;
  const isRevised = keepsValues(history);
  const key = returnKey(target, history);
  const returned = isWatched && isRevised ? sql`, ${listColumns([...target.key, ...target.columns], "t")}` : sql``;
  const insert = (condition: RawBuilder<unknown>, resolve: RawBuilder<unknown>, isNew: boolean) =>
    sql`${insertFate(target, object, condition, resolve)}
      returning ${isInsert(habits, isNew)} as ${isInserted}, ${sql.id("t", SOURCE_OFFSET)} as source_offset${key}${returned}`;
  const { rows } = await sql<WrittenCounts>`
    with differing as materialized (${joinPieces(target, pieces, (sides) => findDiffering(target, sides, object, isRevised))}),
    ${history === undefined ? sql`` : sql`${enterLoad(target, history)},`}
    inserted as (${insert(sql`${fate} = 'new' ${order}`, insertNew === "plain" ? sql`` : conflict, true)}),
    updated as (${insert(sql`${fate} in ('changed', 'confirmed') ${order}`, conflict, false)})
    ${isRevised ? sql`, revised as (${reviseChanged(target, history.run, isWatched)})` : sql``}
    ${history?.kept === "full" ? sql`, ${keepKeys(target, history)}` : sql``}
    select (select count(*) from inserted where ${isInserted}) as inserted,
      (select count(*) from inserted where not ${isInserted}) + count(*) filter (where fate = 'changed' and written) as updated,
      count(*) filter (where fate = 'superseded') as superseded,
      count(*) filter (where fate <> 'superseded' and not written)
        ${isWatched ? sql`+ (select count(*) from differing where ${fate} = 'new') - (select count(*) from inserted)` : sql``} as missed
    from (
      select ${sql.id("differing", FATE)} as fate, u.source_offset is not null as written
      from differing left join updated as u on u.source_offset = ${sql.id("differing", SOURCE_OFFSET)}
      where ${sql.id("differing", FATE)} <> 'new'
    ) as met`.execute(trx);
  return rows[0] ?? { inserted: 0, updated: 0, superseded: 0, missed: 0 };
}

/** The number of staged rows that the table has neither as sent nor in a newer version. */
async function countDifferent(
  trx: Transaction<FeedTables>,
  target: UpsertTarget,
  { object, pieces }: NewestOptions,
): Promise<number> {
  const { rows } = await sql<{ different: number }>`
    select count(*) as different from (
      ${joinPieces(target, pieces, (sides) => findDiffering(target, sides, object))}
    ) as left_over where ${fate} <> 'superseded'`.execute(trx);
  return rows[0]?.different ?? 0;
}

function reviseChanged(target: UpsertTarget, run: string, isWatched: boolean): RawBuilder<unknown> {
  if (!isWatched) return insertRevisions(target, run, "differing", sql`${sql.id("n", FATE)} = 'changed'`);
  return insertRevisions(
    target,
    run,
    "updated",
    sql`${sql.id("d", FATE)} = 'changed' and not ${sql.id("n", IS_INSERT)}`,
  );
}

function findDiffering(
  { key, columns }: UpsertTarget,
  { staged, target }: Sides,
  object: number,
  withBefore = false,
): RawBuilder<unknown> {
  const isNew = isMissing(key, "t");
  return sql`
    select ${listColumns([...key, ...columns, SOURCE_OFFSET], "s")}, case
      when ${isNew} then 'new'
      when ${isNewer(object, "s")} then 'superseded'
      when ${differIn(columns, "t", "s")} then 'changed'
      else 'confirmed' end as ${fate} ${withBefore ? listBefore(columns) : sql``}
    from ${staged} as s left join ${target} as t on ${sameKey(key, "s", "t")}
    where ${isNew} or (${sql.id("t", SOURCE_OBJECT)}, ${sql.id("t", SOURCE_OFFSET)})
      is distinct from (${object}, ${sql.id("s", SOURCE_OFFSET)}) or ${differIn(columns, "t", "s")}`;
}

/**
 * Whether the table's row `t` is newer than a row of this object. The lock keeps `import_object` unchanged meanwhile.
 */
function isNewer(object: number, alias: "s" | "excluded"): RawBuilder<unknown> {
  const from = sql.id("t", SOURCE_OBJECT);
  return sql`case when ${from} = ${object} then ${sql.id("t", SOURCE_OFFSET)} > ${sql.id(alias, SOURCE_OFFSET)}
    else coalesce(${from} in (
      select newer.id from import_object as newer, import_object as own
      where own.id = ${object} and newer.target = own.target
        and (newer.last_modified, ${rank("newer")}, newer.location, newer.id)
          > (own.last_modified, ${rank("own")}, own.location, own.id)
    ), false) end`;
}

/** With equal times, corrected rows win over the object's, and restored rows win over both. */
function rank(alias: "newer" | "own"): RawBuilder<unknown> {
  return sql`array_position(array['object', 'mended', 'restored'], ${sql.id(alias, "kind")})`;
}

function insertFate(
  { table, key, columns }: UpsertTarget,
  object: number,
  condition: RawBuilder<unknown>,
  conflict: RawBuilder<unknown>,
): RawBuilder<unknown> {
  const staged = listColumns([...key, ...columns, SOURCE_OFFSET]);
  return sql`insert into ${sql.table(table)} as t (${staged}, ${sql.id(SOURCE_OBJECT)})
    select ${staged}, ${object}::bigint from differing where ${condition}
    ${conflict}`;
}

/** Another chunk may have written the row after the join read it: its new version is compared again. */
function resolveConflict({ key, columns }: UpsertTarget, object: number): RawBuilder<unknown> {
  const assignments = [...columns, SOURCE_OBJECT, SOURCE_OFFSET].map(
    (column) => sql`${sql.id(column)} = ${sql.id("excluded", column)}`,
  );
  return sql`on conflict (${listColumns(key)}) do update set ${sql.join(assignments)}
    where not (${isNewer(object, "excluded")})`;
}
