import { sql, type Transaction } from "kysely";
import type { Feed } from "../../core/contract/contract";
import { RejectedLimitError, RejectedObjectsError } from "../../core/errors";
import { strictnessOf } from "./fingerprint";
import { countObjects, MOST_NAMED, nameSome } from "./name-some";
import { countedIn } from "./progress";
import { type Stays, selectStays, withStays } from "./stays";
import type { FeedTables } from "./tables";

interface Rejection {
  /** `import_object.id`. */
  readonly object: number;
  /** The run that rejected it. */
  readonly run: string;
  readonly reason: string;
}

/** Marks an object as rejected: it is not read again until it, or the contract, changes. An existing mark is kept. */
export async function markRejected(
  trx: Transaction<FeedTables>,
  contract: Feed,
  { object, run, reason }: Rejection,
): Promise<void> {
  await sql`update import_object set rejected_since = clock_timestamp(), rejected_by = ${run}, rejected_reason = ${reason},
      rejected_fingerprint = ${strictnessOf(contract)}
    where id = ${object} and rejected_since is null`.execute(trx);
}

/**
 * Compares the rejected rows of each object of a run with the contract's limit, by the ledger's sums: over all its
 * chunks, and all runs that loaded them. A percentage is of the whole object, so an object with chunks left to load is
 * judged after them.
 *
 * @param outcome what the run did with all others
 * @returns why the run failed, if objects were rejected or could not be loaded; their loaded rows stay
 */
export async function judgeObjects(
  trx: Transaction<FeedTables>,
  contract: Feed,
  run: string,
  outcome: { readonly text: string; readonly isComplete: boolean; readonly objects: number },
): Promise<RejectedObjectsError | undefined> {
  for (const { object, ...sums } of await findOverLimit(trx, contract, run)) {
    await markRejected(trx, contract, { object, run, reason: describeSums(contract, sums).message });
  }
  const { rows: bad } = await sql<Stays & { location: string; reason: string; rejected: number; others: number }>`
    with bad as (
      select location, rejected_reason as reason, true as rejected, ${selectStays()} from import_object o where rejected_by = ${run}
      union all
      select o.location, min(c.refused), false, ${selectStays()} from import_chunk c join import_object o on o.id = c.object
      where c.run = ${run} and c.refused is not null and o.rejected_since is null group by o.id, o.location
    )
    select location, reason, "partRows", "wasLoaded", (count(*) filter (where rejected) over ())::int as rejected,
      (count(*) filter (where not rejected) over ())::int as others
    from bad order by location limit ${MOST_NAMED}`.execute(trx);
  const [first] = bad;
  if (first === undefined) return undefined;
  const { rejected, others } = first;
  const named = bad.map(({ location, reason, ...stays }) => `${location}: ${withStays(reason, stays)}`);
  return new RejectedObjectsError(
    [
      ...(rejected > 0 ? [`${countObjects(rejected)} rejected`] : []),
      ...(others > 0 ? [`${countObjects(others)} not to be loaded`] : []),
      ...(outcome.objects === rejected + others
        ? []
        : [outcome.isComplete ? "all others are loaded" : "others are loaded"]),
    ].join(", "),
    { got: nameSome(named, rejected + others), fix: outcome.text },
  );
}

interface Sums {
  readonly location: string;
  readonly rejected: number;
  readonly rows: number;
  readonly offset: number | null;
  readonly reason: string | null;
}

async function findOverLimit(trx: Transaction<FeedTables>, { maxRejected = { rows: 0 } }: Feed, run: string) {
  const isOver =
    "rows" in maxRejected
      ? sql`sum(c.rejected) > ${maxRejected.rows}`
      : sql`sum(c.rejected) * 100 > ${maxRejected.percent}::float8 * sum(c.rows) and sum(c.past - c.first) >= o.bytes`;
  const { rows } = await sql<Sums & { object: number }>`
    with over as (
      select o.id as object, o.location, sum(c.rejected)::bigint as rejected, sum(c.rows)::bigint as rows, array_agg(c.run) as runs
      from import_object o join import_chunk c on c.object = o.id
      where o.id in (select object from import_chunk where ${countedIn(sql.val(run))}) and o.rejected_since is null and not c.lost
      group by o.id having sum(c.rejected) > 0 and ${isOver}
    )
    select over.object, over.location, over.rejected, over.rows, first.byte_offset as offset, first.reason
    from over left join lateral (
      select byte_offset, reason from rejected_row where source = over.location and run = any(over.runs)
      order by byte_offset limit 1
    ) as first on true order by over.object`.execute(trx);
  return rows;
}

function describeSums({ maxRejected = { rows: 0 }, name }: Feed, { location, rejected, rows, offset, reason }: Sums) {
  return new RejectedLimitError("Too many rows were rejected, the others were loaded", {
    got: `${rejected} of ${rows}`,
    expected: "rows" in maxRejected ? `at most ${maxRejected.rows}` : `at most ${maxRejected.percent}%`,
    where: { source: location, offset: offset ?? undefined },
    fix: `${reason === null ? "" : `The first one: ${reason}. `}Correct the source, or allow more: ${limitSetting(name)}`,
  });
}

/** How a user sets the limit. */
export function limitSetting(contract: string): string {
  return `maxRejected of the contract ${contract}; rejected_row has all`;
}
