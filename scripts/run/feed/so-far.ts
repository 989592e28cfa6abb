import { counted } from "../../../etl/core/counted";
import type { Database } from "../../../etl/core/database/database";
import { readProgress } from "../../../etl/feeds/ledger/progress";
import type { FeedTables } from "../../../etl/feeds/ledger/tables";
import type { ChunkCounts } from "../../../etl/feeds/run/events";
import type { FeedCommandOptions } from "./feed-options";

const NOTHING: ChunkCounts = {
  rows: 0,
  inserted: 0,
  updated: 0,
  unchanged: 0,
  superseded: 0,
  rejected: 0,
  dropped: 0,
  altered: 0,
};

/** A run's work so far: for the message after a stop, and after a failure. */
export class SoFar {
  /** Null if none was begun. */
  runId: string | null = null;
  counts = NOTHING;
  chunks = 0;
  #planned = 0;

  begin(runId: string): void {
    this.runId = runId;
    this.counts = NOTHING;
    this.chunks = 0;
    this.#planned = 0;
  }

  planned(chunks: number): void {
    this.#planned = chunks;
  }

  loaded(counts: ChunkCounts): void {
    this.chunks += 1;
    const sum = (name: keyof ChunkCounts) => this.counts[name] + counts[name];
    const names = Object.keys(NOTHING) as (keyof ChunkCounts)[];
    this.counts = Object.fromEntries(names.map((name) => [name, sum(name)])) as unknown as ChunkCounts;
  }

  /**
   * Takes over the ledger's counts, which include the loads of runs that died; if the ledger does not have the run,
   * there was none.
   */
  async ask({ db }: Database<FeedTables>): Promise<void> {
    if (this.runId === null) return;
    const progress = await readProgress(db, this.runId).catch(() => undefined);
    if (progress === undefined) {
      this.runId = null;
      return;
    }
    const { rows, inserted, updated, unchanged, superseded, rejected, dropped, altered } = progress;
    this.counts = { rows, inserted, updated, unchanged, superseded, rejected, dropped, altered };
    this.chunks = progress.chunksDone + progress.chunksTakenOver;
  }

  /** The message after the run was stopped. */
  tellStop({ dryRun = false, full = false, fresh = false }: Pick<FeedCommandOptions, "dryRun" | "full" | "fresh">) {
    if (dryRun) return "Stopped. It was a dry run: nothing was kept";
    const without = [...(full ? ["--full"] : []), ...(fresh ? ["--fresh"] : [])];
    const again = without.length === 0 ? "The same command" : `The same command without ${without.join(" and ")}`;
    if (this.#planned === 0) return `Stopped before a row was loaded. ${again} starts over`;
    const { inserted, updated, rejected } = this.counts;
    return [
      `Stopped: ${this.chunks} of ${counted(this.#planned, "chunk")} ${this.chunks === 1 ? "is" : "are"} done and ${this.chunks === 1 ? "stays" : "stay"}, with ${inserted} inserts, ${updated} updates and ${counted(rejected, "rejected row")}`,
      `a chunk that was under way is kept whole or not at all. ${again} continues from there`,
    ].join("; ");
  }
}
