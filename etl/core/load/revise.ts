import { type RawBuilder, sql } from "kysely";
import { sameKey, type UpsertTarget } from "./stage";

/** A column's old value, beside the new values of `differing`. */
const was = (at: number, alias?: string) => {
  const name = `millrace_was_${at}`;
  return alias === undefined ? sql.id(name) : sql.id(alias, name);
};

/** The table's values, to be kept after those of the stage. */
export function listBefore(columns: readonly string[]): RawBuilder<unknown> {
  return sql.join(
    columns.map((column, at) => sql`, ${sql.id("t", column)} as ${was(at)}`),
    sql``,
  );
}

/**
 * Keeps the old and new values of the changed columns, for each changed record.
 *
 * @param written the source of the new values: `differing`, or a part of it, if all of it is written unchanged, else the updates'
 * `RETURNING`
 * @param isChanged selects those of an existing record: in terms of `n`, and of `differing` as `d` if `n` is `updated`.
 * Default: all
 */
export function insertRevisions(
  { table, key, columns }: UpsertTarget,
  run: string,
  written: "differing" | "changed" | "updated",
  isChanged: RawBuilder<unknown> = sql`true`,
): RawBuilder<unknown> {
  const changed =
    written === "updated"
      ? sql`updated as n join differing as d on ${sameKey(key, "d", "n")} where ${isChanged}`
      : sql`${sql.id(written)} as n where ${isChanged}`;
  const old = written === "updated" ? "d" : "n";
  const equal = columns.map(
    (column, at) =>
      sql`case when ${was(at, old)} is not distinct from ${sql.id("n", column)} then ${sql.lit(column)} end`,
  );
  const before = buildImage(columns.map((column, at) => [column, was(at, old)]));
  const after = buildImage(columns.map((column) => [column, sql.id("n", column)]));
  // Without `offset 0` PostgreSQL would compare the columns twice.
  return sql`insert into ${sql.table("revision")} (run, load, table_name, key, before, after)
    select ${run}, (select id from entered), ${table}, key, before - equal, after - equal from (
      select ${buildImage(key.map((column) => [column, sql.id("n", column)]))} as key, ${before} as before, ${after} as after,
        array[${sql.join(equal)}]::text[] as equal
      from ${changed} offset 0
    ) as changed ${written === "updated" ? sql`where before is distinct from after` : sql``} returning 1`;
}

/** A function of PostgreSQL takes at most 100 arguments: a wide table's object is built from parts. */
const MOST_PAIRS = 50;

function buildImage(parts: readonly (readonly [string, RawBuilder<unknown>])[]): RawBuilder<unknown> {
  if (parts.length === 0) return sql`'{}'::jsonb`;
  const pairs = parts.map(([column, value]) => sql`${sql.lit(column)}, ${value}`);
  const objects = Array.from({ length: Math.ceil(pairs.length / MOST_PAIRS) }, (_, at) => {
    return sql`jsonb_build_object(${sql.join(pairs.slice(at * MOST_PAIRS, (at + 1) * MOST_PAIRS))})`;
  });
  return sql`(${sql.join(objects, sql` || `)})`;
}
