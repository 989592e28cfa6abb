import { type RawBuilder, sql } from "kysely";
import { IS_INSERT } from "./helper-columns";
import type { UpsertTarget } from "./stage";

/**
 * What loads of a table keep of what they did. `full`: the values of changed rows before and after, and the keys of inserted rows, so that
 * a run can be undone; `changes`: only the values; `none`.
 */
export type Kept = "full" | "changes" | "none";

/** What a load keeps, and where. */
export interface History {
  readonly run: string;
  readonly kept: Kept;
  /** The type of each column of the key, as `pg_type` or `format_type` calls it. */
  readonly keyTypes: readonly string[];
  /** The most rows that the load can insert. */
  readonly most: number;
}

/** So many keys are an array: of a million, the server would hold arrays of 8 MB, and as much text. */
const MOST_KEYS = 1_000_000;

/** The columns of `inserted_key`. */
const ARRAYS = [
  ["integers", "bigint[]"],
  ["days", "date[]"],
  ["texts", "text[]"],
] as const;

const WHOLE = /^(int[248]|smallint|integer|bigint)$/;
/** Their text does not depend on the session's settings. */
const PLAIN_TEXT = /^(text|varchar|bpchar|character|uuid|bool|boolean|numeric)/;

/** Whether the values of changed rows are kept. */
export function keepsValues(history: History | undefined): history is History {
  return history !== undefined && history.kept !== "none";
}

const part = (at: number) => sql.id(`millrace_key_${at}`);

/** Enters a load that changes anything, and what it keeps: the CTE `entered` of its statement. */
export function enterLoad({ table, key }: UpsertTarget, { run, kept }: History): RawBuilder<unknown> {
  const names = sql.join(key.map((column) => sql.lit(column)));
  return sql`entered as (insert into load_history (run, table_name, key, kept)
    select ${run}, ${table}, array[${names}]::text[], ${kept} where exists (select from differing) returning id)`;
}

/** For `RETURNING`: the written key, if inserted keys are kept. */
export function returnKey({ key }: UpsertTarget, history: History | undefined): RawBuilder<unknown> {
  if (history?.kept !== "full") return sql``;
  return sql.join(
    key.map((column, at) => sql`, ${sql.id("t", column)} as ${part(at)}`),
    sql``,
  );
}

/**
 * Keeps the keys of inserted rows, an array for each column of the key: the CTE `kept` of the load's statement. `gathered` counts what was written in
 * the same pass.
 */
export function keepKeys({ key }: UpsertTarget, { keyTypes, most }: History): RawBuilder<unknown> {
  const types = key.map((_, at) => arrayOf(keyTypes[at] ?? ""));
  const written = sql.join([sql.id(IS_INSERT), ...key.map((_, at) => part(at))]);
  const isNew = sql`filter (where ${sql.id(IS_INSERT)})`;
  const arrays = types.map(({ convert }, at) => sql`array_agg(${convert(part(at))}) ${isNew} as ${part(at)}`);
  const rows = types.map(({ column }, at) => {
    const values = ARRAYS.map(([name, type]) => (name === column ? part(at) : sql`null::${sql.raw(type)}`));
    return sql`(${sql.lit(at)}, ${sql.join(values)})`;
  });
  const number = most > MOST_KEYS ? sql`, row_number() over () / ${sql.lit(MOST_KEYS)} as millrace_part` : sql``;
  return sql`gathered as materialized (
      select ${most > MOST_KEYS ? sql`millrace_part` : sql`0 as millrace_part`}, count(*) ${isNew} as inserted,
        count(*) filter (where not ${sql.id(IS_INSERT)}) as updated, ${sql.join(arrays)}
      from (select ${written} ${number} from (select ${written} from inserted union all select ${written} from updated) as each_one) as written
      ${most > MOST_KEYS ? sql`group by millrace_part` : sql``}
    ), kept as (insert into inserted_key (load, part, place, integers, days, texts)
      select entered.id, gathered.millrace_part, each.place, each.integers, each.days, each.texts
      from entered, gathered, lateral (values ${sql.join(rows)}) as each (place, integers, days, texts) where gathered.inserted > 0)`;
}

interface KeyArray {
  readonly column: (typeof ARRAYS)[number][0];
  readonly convert: (value: RawBuilder<unknown>) => RawBuilder<unknown>;
}

function arrayOf(type: string): KeyArray {
  if (WHOLE.test(type)) return { column: "integers", convert: (value) => sql`${value}::bigint` };
  if (type === "date") return { column: "days", convert: (value) => value };
  if (PLAIN_TEXT.test(type)) return { column: "texts", convert: (value) => sql`${value}::text` };
  // As JSON writes it, a time is the same in every session.
  return { column: "texts", convert: (value) => sql`to_jsonb(${value}) #>> '{}'` };
}
