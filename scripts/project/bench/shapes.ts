/** A table to load, and its made-up records. */
export interface Shape {
  readonly title: string;
  readonly table: string;
  readonly key: string;
  readonly columns: readonly [string, string, ...string[]];
  readonly create: string;
  /** The goals of a case: its rows per second as multiples of psycopg2's and of the limit's. */
  readonly goals: Readonly<Record<Case, { readonly psycopg2: number; readonly limit: number }>>;
  /** The key at a place. */
  keyAt(index: number): string;
  /** The record at a place, or its later version if it is one of the tenth that changes. */
  record(key: string, index: number, changed: boolean): Readonly<Record<string, string | number>>;
}

export const cases = ["new", "unchanged", "tenth"] as const;

/** All keys are new; all records equal the table's; a tenth of them differ. */
export type Case = (typeof cases)[number];

const FIRST_DAY = Date.UTC(1000, 0, 1);
const DAY_MS = 86_400_000;
const limits = { new: 0.9, tenth: 1.5, unchanged: 2 };

export const series: Shape = {
  title: "date key, three integers",
  table: "bench_series",
  key: "day",
  columns: ["cases", "deaths", "recoveries"],
  create: "create table bench_series (day date primary key, cases bigint, deaths bigint, recoveries bigint)",
  goals: {
    new: { psycopg2: 2.2, limit: limits.new },
    unchanged: { psycopg2: 7, limit: limits.unchanged },
    tenth: { psycopg2: 4.5, limit: limits.tenth },
  },
  keyAt: (index) => new Date(FIRST_DAY + index * DAY_MS).toISOString().slice(0, 10),
  record: (day, index, changed) => ({
    day,
    cases: index * 7,
    deaths: Math.floor(index / 3) + (changed ? 1 : 0),
    recoveries: index * 5,
  }),
};

/**
 * A flat text, like a parser's: otherwise V8 keeps the parts, and the first reader of the text pays for joining them.
 */
function flatten(text: string): string {
  return Buffer.from(text).toString();
}

const customers = Array.from({ length: 5000 }, (_, index) => flatten(`Customer ${index} of the partner`));

export const orders: Shape = {
  title: "text key, text, numeric",
  table: "bench_orders",
  key: "id",
  columns: ["customer", "amount"],
  create: "create table bench_orders (id text primary key, customer text, amount numeric(12,2))",
  goals: {
    new: { psycopg2: 1.8, limit: limits.new },
    unchanged: { psycopg2: 6.5, limit: limits.unchanged },
    tenth: { psycopg2: 3.6, limit: limits.tenth },
  },
  keyAt: (index) => flatten(`ORD-${String(index).padStart(9, "0")}`),
  record: (id, index, changed) => ({
    id,
    customer: customers[index % customers.length] ?? "",
    amount: `${(index % 977) + (changed ? 1000 : 0)}.${String(index % 100).padStart(2, "0")}`,
  }),
};

export const shapes = { series, orders } as const;

/**
 * The number of rows that each process loads into another table before the clock starts, since Node compiles frequent
 * code; and loads again, since Node recompiles code that a second load calls differently.
 */
export const WARM_UP_ROWS = 20_000;
export const WARM_UP_LOADS = 2;

/** The table of the warm-up: emptied between loads. */
export function warmUpTable(shape: Shape): string {
  return `${shape.table}_warm_up`;
}

/** The keys of a number of records, in their order. */
export function makeKeys(shape: Shape, size: number): readonly string[] {
  return Array.from({ length: size }, (_, index) => shape.keyAt(index));
}

/** Batches of records like a parser's; if `tenth` is set, each tenth record is a changed one. */
export async function* makeBatches(
  shape: Shape,
  keys: readonly string[],
  tenth: boolean,
): AsyncGenerator<Readonly<Record<string, string | number>>[]> {
  const BATCH = 1000;
  for (let start = 0; start < keys.length; start += BATCH) {
    const batch = keys.slice(start, start + BATCH);
    yield batch.map((key, offset) => shape.record(key, start + offset, tenth && (start + offset) % 10 === 0));
  }
}
