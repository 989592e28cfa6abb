import { type RawBuilder, sql, type Transaction } from "kysely";
import type { KeySpan } from "./key-order";
import { analyzeStage, countPages, listColumns, stage } from "./stage";

/** With this much of the stage and of the table, a hash join fits into a processor's cache. */
const PIECE_PAGES = 512;
/** Fewer rows than this are joined as quickly in one piece. */
const FEW_ROWS = 200_000;
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
  /** The key of the last row. */
  readonly greatest: KeySpan["greatest"];
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

/**
 * Decides whether to join piece by piece, and how.
 *
 * @param span of `KeyOrder`; undefined if the rows are in another order
 * @returns undefined if the stage is joined as a whole
 */
export async function cutStage<DB>(
  trx: Transaction<DB>,
  target: Target,
  rows: number,
  span: KeySpan | undefined,
): Promise<Pieces | undefined> {
  if (rows <= FEW_ROWS) return undefined;
  await analyzeStage(trx, target.key);
  if (span === undefined) return undefined;
  const isDense = (await estimateRows(trx, target, span)) <= rows * ROWS_PER_LOOKUP;
  return { pages: await countPages(trx), size: PIECE_PAGES, greatest: span.greatest, isDense };
}

/**
 * PostgreSQL's estimate of the target's rows in a span, by the key's first column: it does not recognise two
 * comparisons of rows as a range.
 */
async function estimateRows<DB>(trx: Transaction<DB>, { table, key }: Target, span: KeySpan): Promise<number> {
  const { rows } = await sql<{ "QUERY PLAN": readonly [{ Plan: { "Plan Rows": number } }] }>`
    explain (format json) select from ${sql.table(table)}
    where ${sql.id(key[0] ?? "")} between ${span.least[0]} and ${span.greatest[0]}`.execute(trx);
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

/** Page ranges of the stage, each with its first key and that of the next one. */
function listPieces(key: readonly string[], { pages, size, greatest }: Pieces): RawBuilder<unknown> {
  const bounds = key.map((column, at) => {
    const first = sql.id("least", column);
    return sql`${first} as ${sql.id(`millrace_least_${at}`)},
      coalesce(lead(${first}) over (order by millrace_page), ${greatest[at]}) as ${sql.id(`millrace_greatest_${at}`)}`;
  });
  const place = (page: RawBuilder<unknown>) => sql`format('(%s,1)', ${page})::tid`;
  return sql`select ${place(sql`millrace_page`)} as millrace_first, ${place(sql`millrace_page + ${sql.lit(size)}`)} as millrace_past,
      ${sql.join(bounds)}
    from generate_series(0, ${sql.lit(pages - 1)}, ${sql.lit(size)}) as paged (millrace_page)
    left join ${stage} as least on least.ctid = ${place(sql`millrace_page`)}`;
}
