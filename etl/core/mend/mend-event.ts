import * as z from "zod";
import { describeMend } from "./describe-mend";
import type { MendReport } from "./mend-run";

/** The part of an input that asks a state machine for a mend. */
const mend = z.object({
  /** Of the corrected rows, in the raw bucket: `sales/mends/2026-11-29/<sha256>.csv`. */
  key: z.string().min(1),
  /** Who corrected them, as the caller says: the ARN of an IAM identity. */
  by: z.string().min(1),
  /** Rows that are mended are loaded once more. Default: no. */
  again: z.boolean().optional(),
});

/** The event of the step `mend`. */
export const mendEvent = z
  .looseObject({ mend, execution: z.string().optional() })
  .describe("the key of a file of corrected rows, and who corrected them");

const count = z.int().nonnegative();

const rows = z.array(z.object({ line: count, reason: z.string() }));

const report = z.object({
  runId: z.string().nullable(),
  ...{ mended: count, before: count, outdated: count, rejected: count },
  ...{ inserted: count, updated: count, unchanged: count, superseded: count, dropped: count },
  gaveWay: rows,
  left: rows,
}) satisfies z.ZodType<MendReport>;

/** What an execution that mended puts out; one of a version before does not. */
export const mendOutput = z.object({ mended: report });

/** The result of the step `mend`. */
export interface MendResult {
  /** For the message. */
  readonly text: string;
  readonly report: MendReport;
}

/** A state takes 256 KiB. */
const MOST_BYTES = 64 * 1024;

/** A mend's result for the state machine: with as many of the rows that stay rejected as a state has place for. */
export function toldMend(pipeline: string, report: MendReport): MendResult {
  const [left, gaveWay] = [firstOf(report.left), firstOf(report.gaveWay)];
  return { text: describeMend(report, { pipeline }), report: { ...report, left, gaveWay } };
}

function firstOf(rows: MendReport["left"]): MendReport["left"] {
  let bytes = 0;
  return rows.filter(({ reason }) => {
    bytes += Buffer.byteLength(reason) + 40;
    return bytes <= MOST_BYTES;
  });
}
