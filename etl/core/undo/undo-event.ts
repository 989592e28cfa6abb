import * as z from "zod";
import type { UsageError } from "../errors";
import type { Conflict } from "./conflicts";
import { describeUndo, type UndoAsked } from "./describe-undo";
import type { UndoReport } from "./undo-run";

/** The part of an input that asks a state machine for an undo. */
const undo = z.object({
  /** How the id of the run begins. */
  run: z.string().min(1),
  /** Who undoes it, as the caller says: the ARN of an IAM identity. */
  by: z.string().min(1),
  /** Everything but the commit. Default: no. */
  dryRun: z.boolean().default(false),
  /** Rows that were changed since stay as they are. Default: then nothing is undone. */
  skipConflicts: z.boolean().default(false),
  /** The runs after it are undone, too. Default: no. */
  cascade: z.boolean().default(false),
});

/** The event of the step `undo`. */
export const undoEvent = z
  .looseObject({ undo, execution: z.string().optional() })
  .describe("the run to undo, and who undoes it");

const count = z.int().nonnegative();
const values = z.record(z.string(), z.unknown());

const conflict = z.object({
  ...{ table: z.string(), key: values, by: z.string() },
  ...{ before: values.nullable(), after: values.nullable(), now: values.nullable() },
  unknown: z.array(z.string()).optional(),
}) satisfies z.ZodType<Conflict>;

const report = z.object({
  runId: z.string().nullable(),
  undone: z.array(z.string()),
  ...{ restored: count, removed: count, inserted: count, conflicts: count },
  bySomebodyElse: count.optional(),
  shown: z.array(conflict),
}) satisfies z.ZodType<UndoReport>;

const refused = z.object({
  headline: z.string(),
  details: z.object({ got: z.string().optional(), expected: z.string().optional(), fix: z.string().optional() }),
});

/** Why a run cannot be undone, for who asked: nobody else has to act. */
export type UndoRefusal = z.output<typeof refused>;

/** What an execution that undid puts out; one of a version before does not. */
export const undoOutput = z.object({
  told: z.object({ text: z.string() }),
  undone: z.union([report, z.object({ refused })]),
});

/** The result of the step `undo`. */
export interface UndoResult {
  /** For the message. */
  readonly text: string;
  readonly report: UndoReport | { readonly refused: UndoRefusal };
}

/** A state takes 256 KiB. */
const MOST_BYTES = 64 * 1024;
const MOST_RUNS = 1_000;

/** An undo's result for the state machine: with as many conflicts and runs as a state has place for; the text counts all. */
export function toldUndo(report: UndoReport, asked: UndoAsked): UndoResult {
  let bytes = 0;
  const shown = report.shown.filter((each) => {
    bytes += Buffer.byteLength(JSON.stringify(each));
    return bytes <= MOST_BYTES;
  });
  return {
    text: describeUndo(report, asked),
    report: { ...report, undone: report.undone.slice(0, MOST_RUNS), shown },
  };
}

/** That a run cannot be undone, as a result: the machine has not failed. */
export function toldRefusal({ message, headline, details }: UsageError, pipeline: string): UndoResult {
  const { got, expected, fix } = details;
  return {
    text: `Nothing of ${pipeline} was undone. ${message}`,
    report: { refused: { headline, details: { got, expected, fix } } },
  };
}
