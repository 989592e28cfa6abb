import { randomUUID } from "node:crypto";
import type { Kysely, Transaction } from "kysely";
import type { Feed } from "../../core/contract/contract";
import { packingOfBytes } from "../../core/csv/unpack/packing";
import { isBinary, LOOKED_AT } from "../../core/csv/unpack/refuse-binary";
import type { LiveDatabase } from "../../core/database/live-database";
import type { ListStore, RangedObjects } from "../../core/objects/objects";
import { finishRun } from "../../core/runs/runs";
import { findEarlierContract } from "../ledger/earlier-contract";
import { strictnessOf } from "../ledger/fingerprint";
import { renewLease } from "../ledger/lease";
import { type RegisteredObject, registerObjects } from "../ledger/register-objects";
import type { FeedTables } from "../ledger/tables";
import { attendRun } from "../ledger/unended-runs";
import { refusalOf } from "../load/refusal";
import { inTransactionAgain, mayPass } from "../load/try-again";
import { beginRun, type Patience, waitForAttended } from "../run/begin-run";
import type { FeedChunk, NoRun, PlanResult } from "../run/events";
import { makeTables, requireTarget } from "../target/prepare-tables";
import { nameTarget } from "../target/target-name";
import { cutRange, findGaps, type Range } from "./cut-object";
import { listKeys } from "./list-keys";
import { PlanNotes } from "./plan-notes";
import { compileSelection, type Selection } from "./select-objects";

export interface PlanOptions extends Selection {
  readonly contract: Feed;
  readonly objects: RangedObjects;
  /** Stores the manifest, as `<run>.json`. */
  readonly manifests: ListStore;
  /** Size in bytes of the ranges that unpacked objects are cut into. Default: {@link CHUNK_BYTES}. */
  readonly chunkBytes?: number;
  /** Load objects that the ledger has, too. Default: false. */
  readonly full?: boolean;
  /**
   * The keys of objects to read again, whether the ledger has them or not, and no others. The newest still wins.
   * Default: none.
   */
  readonly replay?: readonly string[];
  /**
   * This connection stays open for the whole run: if it is lost, the next run knows at once that this one died.
   * Default: false.
   */
  readonly attended?: boolean;
  /** Wait for another run's process, which may just have been killed. Default: no wait. */
  readonly patience?: Patience;
  /** The run's id: another call with the same id continues the run. Default: a new one. */
  readonly runId?: string;
  /** Begin a run only if one was requested while another was under way. Default: false. */
  readonly again?: boolean;
  /** Which code runs, for the ledger. Default: unknown. */
  readonly code?: string;
}

/** 64 MiB. */
export const CHUNK_BYTES = 64 * 2 ** 20;

/**
 * Begins a run, or continues one with the same id: updates the tables, lists the objects, leaves out loaded ones, and
 * writes the manifest. Memory does not grow with the number of objects. There is one run of a feed at a time: if
 * another is under way, that run lists again.
 *
 * @throws DatabaseError if the table is not what the contract describes, or not the loaded one. Then, and if the
 * listing or the manifest fails, the run is recorded as failed
 */
export async function planFeed(live: LiveDatabase<FeedTables>, options: PlanOptions): Promise<PlanResult | NoRun> {
  const { contract, objects, manifests, replay, full = false, attended = false, runId = randomUUID() } = options;
  await live.run((db) => makeTables(db, contract), mayPass);
  if (attended) await live.inEachSession((db) => attendRun(db, runId));
  const { again = false, patience } = options;
  const { name: source, only } = objects;
  // If requested, the run after a replay lists all.
  const scope = JSON.stringify([source, only, options.include, options.exclude]);
  const mode = replay === undefined ? (full ? "full" : "new") : "replay";
  const wanted = { run: runId, feed: contract, source, scope, attended, mode, again } as const;
  if (patience !== undefined) await waitForAttended(live, wanted, patience);
  const kept = "the run was begun; etl_run has it if so";
  const begun = await inTransactionAgain(live, kept, (trx) => beginRun(trx, wanted));
  if ("waitsFor" in begun) return begun;
  if (begun.planned !== undefined) return { runId, manifest: manifests.locate(manifestKey(runId)), ...begun.planned };
  const totals = { objects: 0, chunks: 0, bytes: 0, skipped: 0 };
  const notes = new PlanNotes();
  const list = async (): Promise<PlanResult> => {
    await live.run(async (db) => {
      notes.added(contract.table, await requireTarget(db, contract, full));
    }, mayPass);
    const manifest = await manifests.put(manifestKey(runId), planChunks(live, runId, options, totals, notes));
    await live.run((db) => keepPlan(db, runId, totals, notes), mayPass);
    return { runId, manifest, ...totals };
  };
  try {
    return await live.inTime(list);
  } catch (error) {
    await failRun(live, runId, error);
    throw error;
  }
}

/** The name of a run's manifest. */
export function manifestKey(run: string): string {
  return `${run}.json`;
}

async function keepPlan(db: Kysely<FeedTables>, run: string, totals: Totals, notes: PlanNotes): Promise<void> {
  const plan = { ...totals, notes: JSON.stringify(notes.list()), planned: true };
  await db.updateTable("import_run").set(plan).where("run", "=", run).execute();
  await renewLease(db, run);
}

/**
 * Records that a run failed, over a new connection if the old one was lost; best effort, since the database itself may
 * have failed. The entry of an ended run is kept: if the answer to its COMMIT was lost, only the ledger knows it.
 */
export async function failRun(live: LiveDatabase<FeedTables>, runId: string, error: unknown): Promise<void> {
  const message = error instanceof Error ? error.message : String(error);
  const write = async (trx: Transaction<FeedTables>) => {
    const running = trx.selectFrom("etl_run").select("id").where("id", "=", runId).where("status", "=", "running");
    if ((await running.forUpdate().executeTakeFirst()) === undefined) return;
    const begun = trx.selectFrom("import_run").select("notes").where("run", "=", runId);
    const warnings = (await begun.executeTakeFirst())?.notes ?? [];
    await finishRun<FeedTables>(trx, runId, { status: "failed", sources: [], warnings, error: message });
  };
  await inTransactionAgain(live, "the failure was kept; etl_run has it if so", write).catch(() => undefined);
}

type Totals = { -readonly [Name in "objects" | "chunks" | "bytes" | "skipped"]: PlanResult[Name] };

async function* planChunks(
  live: LiveDatabase<FeedTables>,
  run: string,
  options: PlanOptions,
  totals: Totals,
  notes: PlanNotes,
): AsyncGenerator<FeedChunk> {
  const { contract, objects, replay } = options;
  const full = options.full === true || replay !== undefined;
  const target = await live.run((db) => nameTarget(db, contract.table), mayPass);
  const earlier = full ? undefined : await live.run((db) => findEarlierContract(db, contract, notes.hasAdded), mayPass);
  const registration = { run, strictness: strictnessOf(contract), earlier, target, objects, full };
  const isSelected = compileSelection(objects, options);
  for await (const listed of replay === undefined ? objects.list() : listKeys(objects, replay)) {
    const page = replay === undefined ? listed.filter(({ key }) => isSelected(key)) : listed;
    notes.listed(listed.length, page.length);
    for (const object of await registerObjects(live, registration, page)) {
      if (object.bytes === 0 && object.isNew) notes.empty(objects.locate(object.key));
      if (object.isOfEarlier === true) notes.ofEarlier();
      if (object.rejected !== undefined) notes.leftOut(objects.locate(object.key), object.rejected);
      const ranges = object.rejected === undefined ? await rangesOf(object, options) : [];
      if (ranges.length === 0) totals.skipped += 1;
      else totals.objects += 1;
      for (const range of ranges) {
        totals.chunks += 1;
        totals.bytes += range.end - range.start;
        yield chunkOf(object, range);
      }
    }
  }
}

async function rangesOf(object: RegisteredObject, options: PlanOptions): Promise<Range[]> {
  const { bytes, loaded } = object;
  const { chunkBytes = CHUNK_BYTES } = options;
  const gaps = findGaps(bytes, loaded);
  const isUntouched = loaded.length === 0;
  if (gaps.length === 0) return [];
  if ((isUntouched && bytes <= chunkBytes) || !(await mayBeCut(object, options))) return [{ start: 0, end: bytes }];
  return gaps.flatMap((gap) => cutRange(gap, chunkBytes));
}

/**
 * Whether parts of an object can be read separately: the first bytes are read only of objects larger than a chunk. A
 * binary object is left whole, so that it is refused as a whole; an object that cannot be read now is left to the load,
 * which keeps its failure from the others.
 */
async function mayBeCut(object: RegisteredObject, { contract, objects }: PlanOptions): Promise<boolean> {
  const { quotedLineBreaks = false, encoding = "utf-8" } = contract;
  if (quotedLineBreaks || encoding !== "utf-8") return false;
  const first: Uint8Array[] = [];
  try {
    for await (const piece of await objects.openRange(object, 0, Math.min(LOOKED_AT, object.bytes))) first.push(piece);
  } catch (error) {
    if (refusalOf(error) === undefined) throw error;
    return false;
  }
  const beginning = Buffer.concat(first);
  return packingOfBytes(beginning) === "none" && !isBinary(beginning, contract);
}

function chunkOf({ id, key, etag, bytes, lastModified }: RegisteredObject, range: Range): FeedChunk {
  return { object: id, key, etag, lastModified: lastModified.toISOString(), bytes, ...range };
}
