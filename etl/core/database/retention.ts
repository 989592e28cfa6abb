import { type Kysely, type RawBuilder, sql } from "kysely";
import { counted } from "../counted";
import type { CoreTables } from "./tables";

/** How long a run's findings are kept. */
export interface Retention {
  /** Days after a run's start when its revisions may be deleted. Default: never. */
  readonly revisionDays?: number;
  /** The same for rejected rows. */
  readonly rejectedDays?: number;
  /** Remaining time of the process: it must not be cut off after the run was committed. Default: unlimited. */
  readonly remainingMs?: () => number;
}

/** A statement should take a fraction of a second, for any amount of data. */
const BATCH = 10_000;
/** Time limit after a run: the next one deletes the rest. */
const MOST_MS = 5_000;
/** Time limit for each table, once per month. */
const MOST_MONTHLY_MS = 90_000;
/** Time reserved for the rest of a run. */
const RESERVED_MS = 10_000;

/** Findings of runs, by their table. */
interface Found {
  readonly table: "revision" | "rejected_row";
  readonly days: number;
  /** The runs' pipeline. @default all */
  readonly pipeline?: string;
  /** Time limit. */
  readonly mostMs: number;
}

/**
 * Deletes the findings of old runs, in batches, each in a separate transaction. Runs themselves stay in the ledger.
 *
 * @returns the number of deleted rows
 */
async function endOld<Tables extends CoreTables>(
  db: Kysely<Tables>,
  { table, days, pipeline, mostMs }: Found,
  { remainingMs = () => Number.POSITIVE_INFINITY }: Retention,
): Promise<number> {
  const found = sql.ref(table);
  const whose = pipeline === undefined ? sql`` : sql`pipeline = ${pipeline} and`;
  const until = performance.now() + mostMs;
  if (table === "revision") await endHistory(db, whose, days);
  let ended = 0;
  while (performance.now() < until && remainingMs() > RESERVED_MS) {
    const { numAffectedRows } = await sql`
      delete from ${found} using (
        select ${found}.id from etl_run join ${found} on ${found}.run = etl_run.id
        where ${whose} started < now() - make_interval(days => ${days}) limit ${BATCH}
      ) as old where ${found}.id = old.id`.execute(db);
    const batch = Number(numAffectedRows ?? 0);
    ended += batch;
    if (batch < BATCH) break;
  }
  return ended;
}

/** First of all the loads are marked: a part of what they kept is as good as nothing. */
async function endHistory<Tables extends CoreTables>(
  db: Kysely<Tables>,
  whose: RawBuilder<unknown>,
  days: number,
): Promise<void> {
  await sql`
    with ended as (
      update load_history set kept = 'none' from etl_run
      where ${whose} etl_run.started < now() - make_interval(days => ${days}) and etl_run.id = load_history.run and kept <> 'none'
      returning load_history.id
    ), keys as (delete from inserted_key where load in (select id from ended))
    delete from removed_row where load in (select id from ended)`.execute(db);
}

/** Called with what was deleted, and with what could not be. */
export interface RetentionLog {
  readonly onNote?: (text: string) => void;
  readonly onWarning?: (text: string) => void;
}

/** After a committed run: a failure to delete old data does not change its result. */
export async function endOldFindings<Tables extends CoreTables>(
  db: Kysely<Tables>,
  pipeline: string,
  retention: Retention,
  { onNote, onWarning }: RetentionLog,
): Promise<void> {
  const { revisionDays, rejectedDays } = retention;
  for (const [what, table, days] of [
    ["revision", "revision", revisionDays],
    ["rejected row", "rejected_row", rejectedDays],
  ] as const) {
    if (days === undefined) continue;
    const age = `of runs of ${pipeline} older than ${counted(days, "day")}`;
    try {
      const ended = await endOld(db, { table, days, pipeline, mostMs: MOST_MS }, retention);
      if (ended > 0) onNote?.(`${counted(ended, what)} ${age} ${ended === 1 ? "was" : "were"} deleted`);
    } catch (error) {
      const [reason] = (error instanceof Error ? error.message : String(error)).split("\n");
      onWarning?.(`${what}s ${age} could not be deleted: ${reason}`);
    }
  }
}

/** The number of rows deleted from each table. */
export interface Ended {
  readonly revisions: number;
  readonly rejectedRows: number;
}

/**
 * Once per month: the findings of old runs of every pipeline, also of one that no longer runs. Nothing if there was
 * never a run.
 */
export async function endAllFindings<Tables extends CoreTables>(
  db: Kysely<Tables>,
  retention: Retention,
): Promise<Ended> {
  const { rows } = await sql<{ there: boolean }>`select to_regclass('etl_run') is not null as there`.execute(db);
  const end = async (table: Found["table"], days: number | undefined) =>
    rows[0]?.there !== true || days === undefined ? 0 : endOld(db, { table, days, mostMs: MOST_MONTHLY_MS }, retention);
  return {
    revisions: await end("revision", retention.revisionDays),
    rejectedRows: await end("rejected_row", retention.rejectedDays),
  };
}
