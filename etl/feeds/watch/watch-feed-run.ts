import { type Kysely, sql } from "kysely";
import type { Feed } from "../../core/contract/contract";
import { counted } from "../../core/counted";
import { CsvError } from "../../core/errors";
import { daysBetween, type FeedChecks, renderDays } from "../../core/watch/feed-checks";
import { describeShare, describeSize, unusualSize } from "../../core/watch/usual-size";
import { countedIn, type FeedProgress } from "../ledger/progress";
import type { FeedTables } from "../ledger/tables";
import { nameTarget } from "../target/target-name";
import { watchObjectColumns } from "./watch-columns";

/** A run's checks besides its rows. */
export interface FeedWatch {
  readonly checks: FeedChecks;
  /** `YYYY-MM-DD`, UTC. */
  readonly today: string;
}

/** The number of objects and runs that define the usual. */
const USUAL = 20;
/** The number of a run's objects that are checked, the last ones, and of those that a message names. */
const MOST_READ = 1000;
const MOST_NAMED = 5;

interface Watched {
  readonly warnings: readonly string[];
  /** Why the run is to fail, if the checks say so. Its loaded rows stay. */
  readonly failure?: CsvError;
}

/**
 * Findings about an import for people: no new object for long, objects or a share of rejected rows far from the usual,
 * changed or empty columns.
 */
export async function watchFeedRun(
  db: Kysely<FeedTables>,
  contract: Feed,
  { runId, progress }: { readonly runId: string; readonly progress: FeedProgress },
  { checks, today }: FeedWatch,
): Promise<Watched> {
  const { ledger } = await nameTarget(db, contract.table);
  const news = progress.chunks + progress.chunksTakenOver === 0 ? await watchNews(db, ledger, checks, today) : [];
  const sizes = await watchObjects(db, ledger, runId, checks);
  const shares = describeShare(await readShares(db, contract, runId), progress);
  const columns = firstOf(await watchObjectColumns(db, ledger, runId), "changed columns");
  const warnings = [...news, ...sizes, ...shares, ...columns];
  const [first] = sizes;
  if (first === undefined || checks.onUnusualSize === "warn") return { warnings };
  const failure = new CsvError("Objects are far from their usual size; what was loaded of them stays", {
    got: first,
    expected: `at most ${checks.sizeFactor} times more or fewer rows and bytes`,
    fix: "Check that all of them arrived complete. If this is their new size, raise checks.sizeFactor, or set checks.onUnusualSize to warn",
  });
  return { warnings, failure };
}

async function watchNews(
  db: Kysely<FeedTables>,
  target: string,
  { staleDays }: FeedChecks,
  today: string,
): Promise<readonly string[]> {
  if (staleDays === null) return [];
  const { rows } = await sql<{ day: string | null }>`
    select to_char(max(last_modified) at time zone 'UTC', 'YYYY-MM-DD') as day
    from import_object where target = ${target} and bytes > 0`.execute(db);
  const day = rows[0]?.day;
  if (typeof day !== "string" || daysBetween(day, today) <= staleDays) return [];
  return [`no new object since ${day} (${renderDays(daysBetween(day, today))}): ask their sender`];
}

interface SizedObject {
  readonly name: string;
  readonly rows: number;
  readonly bytes: number;
}

/** Compares this run's completely loaded objects with earlier ones. */
async function watchObjects(
  db: Kysely<FeedTables>,
  target: string,
  run: string,
  { sizeFactor }: FeedChecks,
): Promise<readonly string[]> {
  if (sizeFactor === null) return [];
  const mine = sql`select object from import_chunk where ${countedIn(sql.val(run))}`;
  const sizes = (which: ReturnType<typeof sql>, most: number) => sql<SizedObject>`
    select o.location as name, o.bytes::float8 as bytes, sum(c.rows)::float8 as rows
    from (select id, location, bytes from import_object where target = ${target} and ${which} order by id desc limit ${most}) o
      join import_chunk c on c.object = o.id and not c.lost
    group by o.id, o.location, o.bytes having sum(c.past - c.first) = o.bytes order by o.id desc`;
  const { rows: objects } = await sizes(sql`id in (${mine})`, MOST_READ).execute(db);
  if (objects.length === 0) return [];
  const { rows: usual } = await sizes(sql`id < (select min(object) from (${mine}) of_run)`, USUAL).execute(db);
  const told = objects.flatMap((object) => {
    const alike = usual.filter(({ name }) => packingOf(name) === packingOf(object.name));
    const unusual = unusualSize(object, alike, sizeFactor);
    return unusual === undefined ? [] : [describeSize(object.name, unusual)];
  });
  return firstOf(told, "an unusual size");
}

/** By its name: bytes of packed objects and of plain ones say nothing of each other. */
function packingOf(name: string): string {
  return /\.(gz|zst|zip)$/i.exec(name)?.[1]?.toLowerCase() ?? "none";
}

function firstOf(told: readonly string[], what: string): readonly string[] {
  const more = told.length - MOST_NAMED;
  return more > 0 ? [...told.slice(0, MOST_NAMED), `and ${counted(more, "more object")} of ${what}`] : told;
}

async function readShares(db: Kysely<FeedTables>, { name }: Feed, run: string) {
  const { rows } = await sql<{ rejected: number; rows: number }>`
    select coalesce(past.rejected, 0)::float8 as rejected,
      (select coalesce(sum(c.rows), 0)::float8 from import_chunk c
        where c.counted_in = past.id or c.counted_in is null and c.run = past.id) as rows
    from (select r.id, r.rejected from etl_run r join import_run i on i.run = r.id
      where i.contract = ${name} and r.status = 'succeeded' and i.chunks > 0 and r.id <> ${run}
      order by r.started desc limit ${USUAL}) as past`.execute(db);
  return rows;
}
