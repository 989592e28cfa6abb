import { setTimeout as sleep } from "node:timers/promises";
import { type OnConflictBuilder, sql, type Transaction } from "kysely";
import type { Feed } from "../../core/contract/contract";
import type { LiveDatabase } from "../../core/database/live-database";
import type { RunStatus } from "../../core/database/tables";
import { DatabaseError } from "../../core/errors";
import { startRun } from "../../core/runs/runs";
import { fingerprintOf } from "../ledger/fingerprint";
import { leaseFrom, renewLease } from "../ledger/lease";
import { answerRequests, isRequested, lockRuns, requestListing } from "../ledger/requests";
import type { FeedTables } from "../ledger/tables";
import { findLiveRun, type LiveRun, markDeadRuns } from "../ledger/unended-runs";
import { mayPass } from "../load/try-again";
import type { NoRun, PlanResult } from "./events";

export interface RunToBegin {
  readonly run: string;
  readonly feed: Feed;
  /** Like {@link RangedObjects.name}. */
  readonly source: string;
  /** The objects that runs of this kind list. */
  readonly scope: string;
  readonly attended: boolean;
  /** The objects to load: the new ones, all of the scope again, or some of its objects again. */
  readonly mode: "new" | "full" | "replay";
  /** Only if a listing was requested since the last one began. */
  readonly again: boolean;
}

/**
 * Begins a run of a feed, or continues one with the same id: the answer to an earlier call may have been lost. There is
 * one run of a feed at a time: if another one is alive, it sees the request at its end, and another run follows it.
 *
 * @throws DatabaseError if the live run will not do the work of this one
 */
export async function beginRun(trx: Transaction<FeedTables>, wanted: RunToBegin): Promise<NoRun | Begun> {
  const { run, feed, source, scope, attended, mode, again } = wanted;
  const scoped = { feed: feed.name, scope };
  await lockRuns(trx, feed.name);
  const own = await findOwn(trx, run);
  if (own === undefined || own.status === "failed") {
    await markDeadRuns(trx);
    const live = await findLiveRun(trx, feed.name);
    if (live !== undefined) return waitFor(trx, wanted, live);
    if (own === undefined && again && !(await isRequested(trx, scoped))) {
      return { waitsFor: null, text: `No run of ${feed.name} was requested since its last listing: nothing was done` };
    }
  }
  // From here on it lists, or has listed: earlier requests are served.
  if (own?.planned !== true && mode !== "replay") await answerRequests(trx, scoped);
  if (own !== undefined) {
    if (own.status === "failed") await revive(trx, run, attended);
    else await renewLease(trx, run);
    const { objects, chunks, bytes, skipped } = own;
    return own.planned ? { planned: { objects, chunks, bytes, skipped } } : {};
  }
  await startRun<FeedTables>(trx, run, feed.name);
  const isBegun = (conflict: OnConflictBuilder<FeedTables, "import_run">) => conflict.doNothing();
  const totals = { objects: 0, chunks: 0, bytes: 0, skipped: 0 };
  await trx
    .insertInto("import_run")
    .values({
      run,
      contract: feed.name,
      fingerprint: fingerprintOf(feed),
      source,
      scope,
      attended,
      alive_until: leaseFrom(attended),
      ...totals,
    })
    .onConflict(isBegun)
    .execute();
  return {};
}

/** How long a process waits for another one, and the callback that reports the wait. */
export interface Patience {
  readonly waitMs: number;
  readonly onWait: (text: string) => void;
}

const LOOK_AGAIN_MS = 500;

/**
 * Waits for the end of a run of another process. After a process was killed, the database may keep its session until
 * its last statement has ended, or until it notices the lost client.
 */
export async function waitForAttended(
  live: LiveDatabase<FeedTables>,
  { feed }: Pick<RunToBegin, "feed">,
  { waitMs, onWait }: Patience,
): Promise<void> {
  const until = performance.now() + waitMs;
  for (let isNotified = false; ; isNotified = true) {
    const other = await live.run(async (db) => {
      await markDeadRuns(db);
      return findLiveRun(db, feed.name);
    }, mayPass);
    if (other?.attended !== true || performance.now() > until) return;
    if (!isNotified)
      onWait(`The run ${other.run} of ${feed.name} has not ended: waiting for its process, up to ${waitMs / 1000} s`);
    await sleep(LOOK_AGAIN_MS);
  }
}

type Totals = Pick<PlanResult, "objects" | "chunks" | "bytes" | "skipped">;

/** A run that has begun. */
export interface Begun {
  /** What it is to load, if its manifest is already written. */
  readonly planned?: Totals;
}

interface OwnRun extends Totals {
  readonly status: RunStatus;
  readonly planned: boolean;
}

async function findOwn(trx: Transaction<FeedTables>, run: string): Promise<OwnRun | undefined> {
  return trx
    .selectFrom("etl_run")
    .innerJoin("import_run", "import_run.run", "etl_run.id")
    .select(["status", "planned", "objects", "chunks", "bytes", "skipped"])
    .where("run", "=", run)
    .executeTakeFirst();
}

/** A failed run that is called again: its failures are tried again. */
async function revive(trx: Transaction<FeedTables>, run: string, attended: boolean): Promise<void> {
  await trx
    .updateTable("etl_run")
    .set({ status: "running", finished: null, error: null })
    .where("id", "=", run)
    .execute();
  await trx
    .updateTable("import_run")
    .set({ judged: false, attended, alive_until: leaseFrom(attended) })
    .where("run", "=", run)
    .execute();
  // Objects that the table refused, or the store did not return, may succeed now; a rejected object does not.
  await sql`delete from import_chunk c using import_object o
    where c.run = ${run} and c.refused is not null and o.id = c.object and o.rejected_since is null`.execute(trx);
}

async function waitFor(trx: Transaction<FeedTables>, wanted: RunToBegin, live: LiveRun): Promise<NoRun> {
  const { feed, source, scope, mode, again } = wanted;
  const isUnderWay = `The run ${live.run} of ${feed.name} is under way since ${live.started.toISOString()}`;
  const end = live.attended
    ? "it is over when it ends, or its process does"
    : `should it have died, it counts as over at ${live.aliveUntil.toISOString()}`;
  const listsTheSame = live.scope === null ? live.source === source : live.scope === scope;
  if (!listsTheSame || mode !== "new") {
    throw new DatabaseError("Another run of the feed is under way, and there is one at a time", {
      got: `${isUnderWay}, of ${live.source}`,
      expected:
        mode !== "new"
          ? "none, as loaded objects are to be loaded again"
          : `one of the same objects of ${source}, or none`,
      fix: `Begin this one when that one has ended: ${end}`,
    });
  }
  if (!again) await requestListing(trx, { feed: feed.name, scope: live.scope ?? "" });
  return {
    waitsFor: live.run,
    text: `${isUnderWay}, and lists ${source} again before it ends: ${end}. Nothing was done here`,
  };
}
