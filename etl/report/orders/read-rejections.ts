import Papa from "papaparse";
import type { RejectedOrderRow, ReportedBatch } from "./orders-page";

/** The most rejected rows that are read, from the newest batches. */
const REJECTED = 100;

/**
 * The rejected rows of the newest batches that have any.
 *
 * @param read the CSV of a batch's rejected rows; empty if there is none
 */
export async function readRejections<Batch extends Pick<ReportedBatch, "batch" | "rejected">>(
  batches: readonly Batch[],
  read: (batch: Batch) => Promise<string>,
): Promise<readonly RejectedOrderRow[]> {
  const rows: RejectedOrderRow[] = [];
  for (const batch of batches.filter(({ rejected }) => rejected > 0)) {
    if (rows.length >= REJECTED) break;
    const { data } = Papa.parse<Record<string, string>>(await read(batch), {
      header: true,
      preview: REJECTED,
      skipEmptyLines: true,
    });
    for (const { source = "", line = "", reason = "" } of data) rows.push({ batch: batch.batch, source, line, reason });
  }
  return rows;
}
