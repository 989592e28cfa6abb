import { type RawBuilder, sql, type Transaction } from "kysely";
import { analyzeStage, countPages, dropDuplicates, listColumns, sortStage, stage } from "./stage";

/** With this much of the stage and of the table, a hash join fits into a processor's cache. */
const PIECE_PAGES = 512;
/** Fewer rows than this are joined as quickly in one piece, if the table is not much larger. */
const FEW_ROWS = 200_000;
/** So few rows are joined as a whole with any table: PostgreSQL looks them up in a large one. */
const LOOKED_UP_ROWS = 10_000;
/** Reading this many consecutive rows of the target costs as much as looking up one. */
const ROWS_PER_LOOKUP = 4;

/** The table and the columns that a stage is joined with. */
interface Target {
  readonly table: string;
  readonly key: readonly string[];
}

/**
 * Keeps the planner, which does not know a piece's keys and estimates them as many, from an index lookup for each row.
 */
const readAtOnce = sql`offset 0`;

/** A stage with its rows in the order of their keys, to be joined with its target piece by piece. */
export interface Pieces {
  /** The size of the stage. */
  readonly pages: number;
  /** The size of a piece. */
  readonly size: number;
  /**
   * Whether most rows of the target between a piece's keys match it, so that they are read together and not looked up
   * one by one.
   */
  readonly isDense: boolean;
}

/** The two sides of a join. */
export interface Sides {
  readonly staged: RawBuilder<unknown>;
  readonly target: RawBuilder<unknown>;
}

/** What is known of the rows that were copied into the stage. */
export interface StagedRows {
  readonly rows: number;
  /** Whether each key is known to be greater than the one before it, so that none is there twice. */
  readonly isIncreasing: boolean;
  /** Whether that holds in the server's order, too. */
  readonly isServersOrder: boolean;
}

export interface PreparedStage {
  /** Undefined if the stage is joined as a whole. */
  readonly pieces: Pieces | undefined;
  /** The number of rows that were replaced by a later one with the same key, and are no longer in the stage. */
  readonly duplicates: number;
}

/**
 * Decides whether to join piece by piece, and how, and leaves one row of each key in the stage. Rows in another order
 * are sorted first if the target is much larger: hashing them, or the target, costs more than the sort then.
 */
export async function prepareStage<DB>(
  trx: Transaction<DB>,
  target: Target,
  { rows, isIncreasing, isServersOrder }: StagedRows,
): Promise<PreparedStage> {
  const isLarge = rows > LOOKED_UP_ROWS && (await estimateRows(trx, target)) > rows * ROWS_PER_LOOKUP;
  if (!isLarge && (rows <= FEW_ROWS || !isServersOrder)) {
    const duplicates = isIncreasing ? 0 : await dropDuplicates(trx, target.key);
    if (rows > FEW_ROWS) await analyzeStage(trx, target.key);
    return { pieces: undefined, duplicates };
  }
  const duplicates = isServersOrder ? 0 : await sortStage(trx, target.key, rows);
  await analyzeStage(trx, target.key);
  const pages = await countPages(trx);
  const isDense = (await estimateRows(trx, target, await readEnds(trx, target, pages))) <= rows * ROWS_PER_LOOKUP;
  return { pieces: { pages, size: PIECE_PAGES, isDense }, duplicates };
}

/** The first and the last value of the key's first column, as text, and their type. */
interface Ends {
  readonly type: string;
  readonly first: string;
  readonly last: string;
}

async function readEnds<DB>(trx: Transaction<DB>, { key }: Target, pages: number): Promise<Ends | undefined> {
  const column = sql.id(key[0] ?? "");
  const at = (place: RawBuilder<unknown>) => sql`(select ${column} from ${stage} where ctid = ${place})`;
  const { rows } = await sql<Ends>`
    select pg_typeof(millrace_first)::text as type, millrace_first::text as first, millrace_last::text as last
    from (select ${at(placeOf(sql.lit(0)))} as millrace_first, ${at(lastPlace(pages))} as millrace_last) as ends`.execute(
    trx,
  );
  return rows[0];
}

/** Where the stage's last row lies. */
function lastPlace(pages: number): RawBuilder<unknown> {
  return sql`(select max(ctid) from ${stage} where ctid >= ${placeOf(sql.lit(pages - 1))})`;
}

function placeOf(page: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`format('(%s,1)', ${page})::tid`;
}

/**
 * PostgreSQL's estimate of the target's rows, all or those between two ends, by the key's first column: it does not
 * recognise two comparisons of rows as a range.
 */
async function estimateRows<DB>(trx: Transaction<DB>, { table, key }: Target, ends?: Ends): Promise<number> {
  const value = (text: string, type: string) => sql`${text}::text::${sql.raw(type)}`;
  const between =
    ends &&
    sql`where ${sql.id(key[0] ?? "")} between ${value(ends.first, ends.type)} and ${value(ends.last, ends.type)}`;
  const { rows } = await sql<{ "QUERY PLAN": readonly [{ Plan: { "Plan Rows": number } }] }>`
    explain (format json) select from ${sql.table(table)} ${between ?? sql``}`.execute(trx);
  return rows[0]?.["QUERY PLAN"][0].Plan["Plan Rows"] ?? 0;
}

/** The `order by` that sorts joined rows by key: rows within a piece are in this order already. */
export function inKeyOrder(key: readonly string[], pieces: Pieces | undefined): RawBuilder<unknown> {
  return pieces === undefined ? sql`order by ${listColumns(key)}` : sql``;
}

/**
 * A join of the stage with its target, as a whole or piece by piece, and then in the key's order. The part of the
 * target between a piece's first key and the next one's is found by its index. A row out of order is missed by the
 * join, and is found by the unique index as if another transaction had inserted it.
 *
 * @param join selects from both sides
 */
export function joinPieces(
  { table, key }: Target,
  pieces: Pieces | undefined,
  join: (sides: Sides) => RawBuilder<unknown>,
): RawBuilder<unknown> {
  if (pieces === undefined) return join({ staged: stage, target: sql.table(table) });
  const bound = (name: string) => sql.join(key.map((_, at) => sql.id("piece", `millrace_${name}_${at}`)));
  const joined = join({
    staged: sql`(select * from ${stage} where ctid >= piece.millrace_first and ctid < piece.millrace_past)`,
    target: sql`(select * from ${sql.table(table)}
      where (${listColumns(key)}) >= (${bound("least")}) and (${listColumns(key)}) <= (${bound("greatest")})
      ${pieces.isDense ? readAtOnce : sql``})`,
  });
  return sql`select joined.* from (${listPieces(key, pieces)}) as piece
    cross join lateral (${joined} order by ${listColumns(key)}) as joined`;
}

/** Page ranges of the stage, each with its first key and that of the next one, or of the last row. */
function listPieces(key: readonly string[], { pages, size }: Pieces): RawBuilder<unknown> {
  const bounds = key.map((column, at) => {
    const first = sql.id("least", column);
    const last = sql`(select ${sql.id(column)} from ${stage} where ctid = ${lastPlace(pages)})`;
    return sql`${first} as ${sql.id(`millrace_least_${at}`)},
      coalesce(lead(${first}) over (order by millrace_page), ${last}) as ${sql.id(`millrace_greatest_${at}`)}`;
  });
  return sql`select ${placeOf(sql`millrace_page`)} as millrace_first,
      ${placeOf(sql`millrace_page + ${sql.lit(size)}`)} as millrace_past, ${sql.join(bounds)}
    from generate_series(0, ${sql.lit(pages - 1)}, ${sql.lit(size)}) as paged (millrace_page)
    left join ${stage} as least on least.ctid = ${placeOf(sql`millrace_page`)}`;
}
