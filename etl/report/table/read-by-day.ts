import { type Kysely, type RawBuilder, sql } from "kysely";
import type { CoreTables } from "../../core/database/tables";
import type { FigureOf } from "../ledger/read-after-runs";
import type { TableColumn, TableShape } from "./catalogue";

/** A column of numbers by day. Values as text are exact. */
export interface Figure {
  readonly title: string;
  /** Undefined for the number of rows. */
  readonly column?: string;
  /** Of the whole table; null if no row has a value. */
  readonly total: string | null;
  /** Each day's sum; null is not a number. */
  readonly perDay: readonly (number | null)[];
  /** The sum up to the day. */
  readonly cumulative: readonly (number | null)[];
}

/** A table's rows and numbers, summed by day, the oldest first. */
export interface TableByDay {
  /** The column of the days; undefined if the table has none. */
  readonly dayColumn?: string;
  readonly days: readonly string[];
  /** The number of rows, then the numbers. */
  readonly figures: readonly Figure[];
  readonly rows: number;
  /** Rows without a day: NULL, or one that is not in the calendar. */
  readonly undated: number;
}

/** The most days on a page, the newest: about four years. */
const DAYS_LIMIT = 1_500;
/** The most columns of numbers, the first ones. */
const FIGURES_LIMIT = 5;
/**
 * The number of days after a day with rows that are drawn as 0: then the mean of seven days is correct, however long
 * the gap.
 */
const MEAN_DAYS = 7;
const DAY_MS = 86_400_000;

interface DayRow {
  readonly day: string | null;
  readonly undated: string | null;
  /** The day's own sum and the sum so far, of the rows and of each number. */
  readonly sums: readonly (string | null)[];
}

/** The column that gives a row's day: a day is preferred to a time, a column of the key to others. */
export function findDayColumn(columns: readonly TableColumn[]): TableColumn | undefined {
  const rank = ({ kind, isKey }: TableColumn) => (kind === "day" ? 0 : 2) + (isKey ? 0 : 1);
  const dated = columns.filter(({ kind }) => kind === "day" || kind === "moment");
  return dated.sort((a, b) => rank(a) - rank(b))[0];
}

function findNumbers(columns: readonly TableColumn[]): readonly TableColumn[] {
  return columns.filter(({ kind, isName }) => kind === "number" && !isName).slice(0, FIGURES_LIMIT);
}

/** The same figures of all rows, each as an aggregate. @param columns without hidden ones */
export function figuresOf(columns: readonly TableColumn[]): readonly FigureOf[] {
  const day = findDayColumn(columns);
  return [
    { title: "Rows", aggregate: sql`count(*)` },
    ...(day === undefined ? [] : [{ title: "Newest day", aggregate: sql`max(${dayOf(day)})` }]),
    ...findNumbers(columns).map((column) => ({
      title: `${column.name} (sum)`,
      aggregate: sql`sum(${summand(column)})`,
    })),
  ];
}

/**
 * Sums a table by day, in one scan by the database.
 *
 * @param shape without hidden columns
 */
export async function readByDay(db: Kysely<CoreTables>, shape: TableShape): Promise<TableByDay> {
  const dayColumn = findDayColumn(shape.columns);
  const numbers = findNumbers(shape.columns);
  const sums = numbers.map((column, index) => sql`, sum(${summand(column)}) as ${sql.id(`s${index}`)}`);
  const pairs = ["n", ...numbers.map((_, index) => `s${index}`)].flatMap((name) => [
    sql`${sql.id(name)}::text`,
    sql`(sum(${sql.id(name)}) over w)::text`,
  ]);
  const { rows } = await sql<DayRow>`
    with by_day as materialized (
      select ${dayOf(dayColumn)} as day, count(*) as n${sql.join(sums, sql``)}
      from ${sql.id(shape.schema, shape.table)} group by 1
    )
    select day::text as day, (select n::text from by_day where day is null) as undated,
      jsonb_build_array(${sql.join(pairs)}) as sums
    from by_day window w as (order by day nulls first)
    order by day desc nulls last limit ${sql.lit(DAYS_LIMIT)}`.execute(db);
  return gather(rows, numbers, dayColumn?.name);
}

function gather(found: readonly DayRow[], numbers: readonly TableColumn[], dayColumn?: string): TableByDay {
  const [newest] = found;
  const dated = found.flatMap(({ day, sums }) => (day === null ? [] : [{ day, sums }])).reverse();
  const filled = fillDays(dated).slice(-DAYS_LIMIT);
  const figures = [undefined, ...numbers].map((column, index) => ({
    title: column?.name ?? "Rows",
    ...(column !== undefined && { column: column.name }),
    total: newest?.sums[index * 2 + 1] ?? (column === undefined ? "0" : null),
    perDay: filled.map(({ sums }) => toNumber(sums[index * 2] ?? null)),
    cumulative: filled.map(({ sums }) => toNumber(sums[index * 2 + 1] ?? null)),
  }));
  return {
    ...(dayColumn !== undefined && { dayColumn }),
    days: filled.map(({ day }) => day),
    figures,
    rows: Number(newest?.sums[1] ?? 0),
    undated: Number(newest?.undated ?? 0),
  };
}

/** Adds days without rows after each day with rows. */
function fillDays(dated: readonly (Pick<DayRow, "sums"> & { readonly day: string })[]) {
  return dated.flatMap(({ day, sums }, index) => {
    const next = dated[index + 1]?.day;
    const at = Date.parse(`${day}T00:00:00Z`);
    const gap = next === undefined ? 0 : Math.round((Date.parse(`${next}T00:00:00Z`) - at) / DAY_MS) - 1;
    const nothing = sums.map((sum, each) => (each % 2 === 0 ? "0" : sum));
    const empty = Array.from({ length: Math.min(gap, MEAN_DAYS) }, (_, days) => ({
      day: new Date(at + (days + 1) * DAY_MS).toISOString().slice(0, 10),
      sums: nothing,
    }));
    return [{ day, sums }, ...empty];
  });
}

function toNumber(text: string | null): number | null {
  const number = Number(text ?? Number.NaN);
  return Number.isFinite(number) ? number : null;
}

/** Days within JavaScript's calendar and a chart's. */
function dayOf(column: TableColumn | undefined): RawBuilder<unknown> {
  if (column === undefined) return sql`null::date`;
  const name = sql.id(column.name);
  const day = column.type === "timestamptz" ? sql`(${name} at time zone 'UTC')::date` : sql`${name}::date`;
  return sql`case when ${name} >= '0001-01-02' and ${name} < '9999-12-31' then ${day} end`;
}

/**
 * A too large sum of floating-point numbers would be an error, and numeric has had infinity only since PostgreSQL 14.
 */
function summand({ name, type }: TableColumn): RawBuilder<unknown> {
  const column = sql.id(name);
  if (type !== "float4" && type !== "float8") return column;
  return sql`case when ${column} in ('Infinity', '-Infinity') then 'NaN'::numeric else ${column}::numeric end`;
}
