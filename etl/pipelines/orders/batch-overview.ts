import type * as z from "zod";
import { type BatchState, STATE_ITEM, stateSchema } from "./ledger/batch-state";
import { SHARD_PREFIX, shardSchema } from "./ledger/shards";
import { KINDS, type Kind } from "./records/batch";

/** An item of the ledger, and its batch. */
interface BatchItem {
  readonly batch: string;
  readonly name: string;
  readonly value: string;
}

/** The ledger's data of a batch, without its customers. */
export interface BatchOverview {
  readonly batch: string;
  /** `spoilt` if its item cannot be read. */
  readonly state: BatchState["state"] | "spoilt";
  readonly changed: Date | null;
  readonly files: readonly {
    readonly kind: Kind;
    readonly key: string;
    readonly bytes: number;
    readonly rows?: number;
  }[];
  readonly missing: readonly Kind[];
  readonly rejected: number;
  readonly failure?: string;
  /** Customers who had a message. */
  readonly customers: number;
  /** Customers who had more than one: corrections. */
  readonly corrected: number;
  /** All messages, of all versions. */
  readonly messages: number;
}

interface Counts {
  customers: number;
  corrected: number;
  messages: number;
}

/**
 * Summarises a whole ledger, item by item, in any order.
 *
 * @returns the batches, the last changed one first
 */
export async function overviewBatches(items: AsyncIterable<BatchItem>): Promise<readonly BatchOverview[]> {
  const states = new Map<string, BatchState | undefined>();
  const counts = new Map<string, Counts>();
  for await (const { batch, name, value } of items) {
    if (name === STATE_ITEM) states.set(batch, parse(stateSchema, value));
    if (name.startsWith(SHARD_PREFIX)) count(countsOf(counts, batch), parse(shardSchema, value) ?? []);
  }
  const all = [...new Set([...states.keys(), ...counts.keys()])];
  return all
    .map((batch) => describe(batch, states.get(batch), countsOf(counts, batch)))
    .sort((a, b) => (b.changed?.getTime() ?? 0) - (a.changed?.getTime() ?? 0) || (a.batch < b.batch ? -1 : 1));
}

function countsOf(all: Map<string, Counts>, batch: string): Counts {
  const counts = all.get(batch) ?? { customers: 0, corrected: 0, messages: 0 };
  all.set(batch, counts);
  return counts;
}

function count(counts: Counts, entries: z.output<typeof shardSchema>): void {
  for (const [, version] of entries) {
    counts.customers += 1;
    counts.messages += version;
    if (version > 1) counts.corrected += 1;
  }
}

function describe(batch: string, state: BatchState | undefined, counts: Counts): BatchOverview {
  if (state === undefined) {
    return { batch, state: "spoilt", changed: null, files: [], missing: [], rejected: 0, ...counts };
  }
  const { files, rejected, failure, changed } = state;
  const seen = KINDS.flatMap((kind) => {
    const { key, bytes, rows } = files[kind] ?? {};
    return key === undefined || bytes === undefined ? [] : [{ kind, key, bytes, ...(rows !== undefined && { rows }) }];
  });
  return {
    batch,
    state: state.state,
    changed: new Date(changed),
    files: seen,
    missing: KINDS.filter((kind) => files[kind] === undefined),
    rejected,
    ...(failure !== undefined && { failure }),
    ...counts,
  };
}

function parse<Schema extends z.ZodType>(schema: Schema, value: string): z.output<Schema> | undefined {
  try {
    return schema.parse(JSON.parse(value));
  } catch {
    return undefined;
  }
}
