import * as z from "zod";
import { type LedgerItem, type LedgerStore, readValue, SpoiltLedgerError } from "../../core/objects/ledger-store";
import { watchColumns } from "../../core/watch/columns";
import type { FeedChecks } from "../../core/watch/feed-checks";
import { describeShare, watchSizes } from "../../core/watch/usual-size";
import { type Batch, KINDS, type Kind } from "./records/batch";

/** Checks of a batch's files, in addition to their rows. */
export type BatchChecks = Pick<FeedChecks, "sizeFactor" | "onUnusualSize">;

/** Facts about one file of a batch. */
export interface WatchedFile {
  readonly bytes: number;
  /** Besides the header. */
  readonly rows: number;
  readonly header: readonly string[];
  /** Columns without a value in any row. */
  readonly empty: readonly string[];
}

export interface WatchedBatch {
  readonly files: Readonly<Record<Kind, WatchedFile>>;
  readonly rejected: number;
}

const ITEM = "usual";
/** Number of batches that define what is usual. */
const USUAL_BATCHES = 20;
/** An item of DynamoDB holds 400 KB. */
const MOST_CHARACTERS = 100_000;

const ofEachKind = <Schema extends z.ZodType>(schema: Schema) =>
  z.object({ customers: schema, orders: schema, items: schema });
const usualSchema = z.object({
  /** The newest first. */
  batches: z.array(
    z.object({
      batch: z.string(),
      rejected: z.int(),
      files: ofEachKind(z.object({ bytes: z.int(), rows: z.int(), empty: z.array(z.string()) })),
    }),
  ),
  /** Of the newest batch. */
  headers: ofEachKind(z.array(z.string())).optional(),
});

/**
 * The usual values of batches under one prefix: an item of the ledger beside theirs. It has no data of customers, and
 * only warnings depend on it.
 */
export class UsualBatches {
  readonly #store: LedgerStore;
  readonly #batch: Batch;
  readonly #known: z.output<typeof usualSchema>;
  readonly #revision: string | undefined;

  private constructor(store: LedgerStore, batch: Batch, known: z.output<typeof usualSchema>, revision?: string) {
    this.#store = store;
    this.#batch = batch;
    this.#known = known;
    this.#revision = revision;
  }

  /** If it cannot be read, nothing counts as known: no batch is held up by it. */
  static async read(store: LedgerStore, batch: Batch): Promise<UsualBatches> {
    let item: LedgerItem | undefined;
    try {
      item = await store.read(nameOf(batch), ITEM);
      if (item !== undefined)
        return new UsualBatches(store, batch, readValue(usualSchema, nameOf(batch), item), item.revision);
    } catch (error) {
      if (!(error instanceof SpoiltLedgerError)) throw error;
    }
    return new UsualBatches(store, batch, { batches: [] }, item?.revision);
  }

  /**
   * Warnings about a batch: files far from their usual size, columns that changed or are empty, more rejected rows than
   * usual.
   *
   * @throws CsvError if a file is far from its usual size, and the checks fail a batch for that
   */
  watch({ files, rejected }: WatchedBatch, checks: BatchChecks): readonly string[] {
    const others = this.#others();
    const past = others.map((other, at) => {
      const header = at === 0 ? this.#known.headers : undefined;
      const sources = KINDS.map((name) => ({ ...other.files[name], name, ...(header && { header: header[name] }) }));
      return { sources, rejected: other.rejected };
    });
    const sources = KINDS.map((name) => ({ ...files[name], name }));
    const shares = past.map((other) => ({ rows: rowsOf(other.sources), rejected: other.rejected }));
    return [
      ...watchSizes(past, sources, checks),
      ...describeShare(shares, { rows: rowsOf(sources), rejected }, "The batch's rejected rows have their reasons"),
      ...watchColumns(past, sources),
    ];
  }

  /** Records the batch's values. If another worker has written meanwhile, its values stay. */
  async keep({ files, rejected }: WatchedBatch): Promise<void> {
    const sizes = ({ bytes, rows, empty }: WatchedFile) => ({ bytes, rows, empty: [...empty] });
    const mine = { batch: this.#batch.id, rejected, files: mapKinds((kind) => sizes(files[kind])) };
    const headers = mapKinds((kind) => [...files[kind].header]);
    const batches = [mine, ...this.#others()].slice(0, USUAL_BATCHES);
    const value = JSON.stringify({ batches, headers });
    const kept = value.length <= MOST_CHARACTERS ? value : JSON.stringify({ batches: [] });
    await this.#store.write(nameOf(this.#batch), ITEM, kept, this.#revision);
  }

  /** A batch that comes again is not compared with itself. */
  #others() {
    return this.#known.batches.filter(({ batch }) => batch !== this.#batch.id);
  }
}

/** No batch is called so: its name ends with a date. */
function nameOf({ prefix }: Batch): string {
  return `${prefix}usual`;
}

function mapKinds<Value>(of: (kind: Kind) => Value): Record<Kind, Value> {
  return { customers: of("customers"), orders: of("orders"), items: of("items") };
}

function rowsOf(sources: readonly { readonly rows: number }[]): number {
  return sources.reduce((sum, { rows }) => sum + rows, 0);
}
