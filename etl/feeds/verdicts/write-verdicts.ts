import type { LiveDatabase } from "../../core/database/live-database";
import type { ObjectStore } from "../../core/objects/objects";
import { countObjects } from "../ledger/name-some";
import type { FeedTables } from "../ledger/tables";
import { mayPass } from "../load/try-again";
import { readVerdicts, type Verdict, verdictKey } from "./verdict";

/** Written at once. */
const AT_ONCE = 16;
/** What is left of a call when no more are begun; half of it where it has less than twice as much. */
const SPARE_MS = 10_000;

export interface VerdictWriting {
  /** Where the objects are. */
  readonly store: Pick<ObjectStore, "put" | "locate">;
  /** What this call may still take, in milliseconds. Default: no end. */
  readonly remainingMs?: () => number;
}

/**
 * Writes beside each object of a run what became of it, once the run has ended in the ledger. Done twice, it comes to the same.
 *
 * @returns a warning where some could not be written: the run is what it is all the same
 */
export async function writeVerdicts(
  live: LiveDatabase<FeedTables>,
  of: { readonly feed: string; readonly run: string },
  { store, remainingMs = () => Number.POSITIVE_INFINITY }: VerdictWriting,
): Promise<readonly string[]> {
  const missing: string[] = [];
  const spareMs = Math.min(SPARE_MS, remainingMs() / 2);
  const write = async (verdict: Verdict) => {
    const key = verdictKey(verdict.object.slice(store.locate("").length));
    try {
      if (remainingMs() < spareMs) throw new Error("the function's time is up");
      await store.put(key, `${JSON.stringify(verdict, undefined, 2)}\n`, "application/json");
    } catch (error) {
      missing.push(`${verdict.object}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  for (let after: number | undefined = 0; after !== undefined; ) {
    const from: number = after;
    const { verdicts, last } = await live.run((db) => readVerdicts(db, { ...of, after: from }), mayPass);
    for (let at = 0; at < verdicts.length; at += AT_ONCE)
      await Promise.all(verdicts.slice(at, at + AT_ONCE).map(write));
    after = last;
  }
  const [first] = missing;
  return first === undefined ? [] : [`${countObjects(missing.length)} judged without a verdict beside it: ${first}`];
}
