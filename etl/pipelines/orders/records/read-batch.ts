import { areSensitive } from "../../../core/contract/column";
import type { CsvContract } from "../../../core/contract/contract";
import {
  type ContractReading,
  checkRows,
  type ReadTally,
  requireHeader,
  type TakeRow,
} from "../../../core/csv/check-rows";
import type { RejectedRow } from "../../../core/csv/rejected-row";
import type { Rejections } from "../../../core/csv/rejections";
import { unpackByContent } from "../../../core/csv/unpack/unpack";
import { CsvError } from "../../../core/errors";
import type { ObjectStore, StoredObject } from "../../../core/objects/objects";
import { checks, customersContract, itemsContract, ordersContract } from "../contracts";
import { KINDS, type Kind } from "./batch";
import { BatchJoin } from "./batch-join";
import type { BatchRecords } from "./batch-records";

/** Of so many rows one at least is valid, or the file is not the one that is meant: its amounts have commas, say. */
const MOST_WITHOUT_ANY = 10;

/** The three files of a batch, as they stood at one moment. */
export type BatchFiles = Readonly<Record<Kind, StoredObject>>;

/** The data of a batch, and facts about each file. */
export interface ReadBatch {
  readonly records: BatchRecords;
  readonly read: Readonly<Record<Kind, ReadTally>>;
}

/**
 * Reads and joins the files of a batch, each as a stream.
 *
 * @param rejections collects the rows that do not fit
 * @throws SourceError, CsvError if a file cannot be read at all, or has many rows and all are rejected
 */
export async function readBatch(
  files: BatchFiles,
  objects: Pick<ObjectStore, "open">,
  rejections: Rejections,
): Promise<ReadBatch> {
  const join = new BatchJoin(
    [customersContract, ordersContract, itemsContract].some(({ columns }) => areSensitive(columns)),
  );
  const read: Record<Kind, ReadTally> = { customers: { rows: 0 }, orders: { rows: 0 }, items: { rows: 0 } };
  for (const kind of KINDS) {
    const { key: source } = files[kind];
    const bytes = unpackByContent(await objects.open(files[kind]), source);
    const before = rejections.rows.length;
    const onRejected = rejections.add.bind(rejections);
    const file = { source, bytes, tally: read[kind], onRejected, isContractFixed: true };
    await {
      customers: () => readFile(customersContract, file, (row, { places }) => join.addCustomer(row, places)),
      orders: () => readFile(ordersContract, file, (row, { places }) => join.addOrder(row, places)),
      items: () => readFile(itemsContract, file, (row, { places }) => join.addItem(row, places)),
    }[kind]();
    refuseAllRejected(source, read[kind].rows, rejections.rows.slice(before));
  }
  return { records: join.arrange(), read };
}

/** Its customers would be sent without what the file has of them. */
function refuseAllRejected(source: string, rows: number, rejected: readonly RejectedRow[]): void {
  const [first] = rejected;
  if (first === undefined || rows < MOST_WITHOUT_ANY || rejected.length < rows) return;
  throw new CsvError("All rows of this file were rejected, nothing was sent", {
    got: `${rejected.length} of ${rows}`,
    expected: "valid rows, and perhaps a few that are not",
    where: { source, line: first.line },
    fix: `The first one: ${first.reason}. Correct the file and upload it again`,
  });
}

type File = Pick<ContractReading<CsvContract>, "source" | "bytes" | "tally" | "onRejected" | "isContractFixed">;

async function readFile<Contract extends CsvContract>(
  contract: Contract,
  file: File,
  add: TakeRow<Contract>,
): Promise<void> {
  const reading = { ...file, contract, checks, role: file.source };
  for await (const _ of checkRows<Contract>(reading, (row, columns) => columns.explain(row) ?? add(row, columns)));
  requireHeader(reading);
}
