import { type ReadTally, readRecords } from "../../../core/csv/read-records";
import type { Rejections } from "../../../core/csv/rejections";
import { unpackNamed } from "../../../core/csv/unpack";
import type { ObjectStore, StoredObject } from "../../../core/objects/objects";
import { customersContract, itemsContract, ordersContract } from "../contracts";
import { KINDS, type Kind } from "./batch";
import { BatchRecords } from "./batch-records";

/** The three files of a batch, as they stood at one moment. */
export type BatchFiles = Readonly<Record<Kind, StoredObject>>;

/** What was read of a batch, and of each file. */
export interface ReadBatch {
  readonly records: BatchRecords;
  readonly read: Readonly<Record<Kind, ReadTally>>;
}

/**
 * Reads and joins the files of a batch, each as a stream.
 *
 * @param rejections takes the rows that do not fit
 * @throws SourceError, CsvError where a file cannot be read at all
 */
export async function readBatch(
  files: BatchFiles,
  objects: Pick<ObjectStore, "open">,
  rejections: Rejections,
): Promise<ReadBatch> {
  const records = new BatchRecords();
  const read: Record<Kind, ReadTally> = { customers: { rows: 0 }, orders: { rows: 0 }, items: { rows: 0 } };
  for (const kind of KINDS) {
    const tally = read[kind];
    const { key: name } = files[kind];
    const bytes = unpackNamed(await objects.open(files[kind]), name);
    await drain(kind, { name, bytes, tally, onRejected: (row) => rejections.add(row) }, records);
  }
  return { records, read };
}

type Reading = Pick<Parameters<typeof readRecords>[0], "name" | "bytes" | "tally" | "onRejected">;

async function drain(kind: Kind, reading: Reading, records: BatchRecords): Promise<void> {
  const readers = {
    customers: () =>
      readRecords({ ...reading, contract: customersContract, accept: (row) => records.addCustomer(row) }),
    orders: () => readRecords({ ...reading, contract: ordersContract, accept: (row) => records.addOrder(row) }),
    items: () => readRecords({ ...reading, contract: itemsContract, accept: (row) => records.addItem(row) }),
  };
  for await (const _ of readers[kind]());
}
