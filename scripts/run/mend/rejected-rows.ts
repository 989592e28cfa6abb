import { writeFileSync } from "node:fs";
import { counted } from "../../../etl/core/counted";
import { UsageError } from "../../../etl/core/errors";
import { type Ask, hasRun, RUN_BEGINNING, readRejected, type StateCounts } from "../../../etl/core/mend/read-rejected";
import { writeRejected } from "../../../etl/core/mend/rejected-file";
import { shellWord } from "../../command-line/shell-word";
import { printData } from "../../command-line/standard-streams";
import type { MendSubject } from "./subject";

export interface RejectedRequest {
  readonly subject: MendSubject;
  /** How its run's id begins. Default: all runs. */
  readonly run?: string;
  /** Default: standard output. */
  readonly out?: string;
  /** Where the command runs that mends them. */
  readonly command: string;
}

/**
 * Writes the open rejected rows as a CSV for a person.
 *
 * @returns what to tell about it
 */
export async function writeRejectedRows(
  ask: Ask,
  { subject, run, out, command }: RejectedRequest,
): Promise<readonly string[]> {
  if (run !== undefined && !RUN_BEGINNING.test(run)) {
    throw new UsageError("This is not how a run's id begins", {
      got: JSON.stringify(run),
      expected: "at least four of its characters: digits, a to f, hyphens; etl_run.id has it",
    });
  }
  const { pipeline, contractOf } = subject;
  const { rows, counts } = await readRejected(ask, { pipeline, run });
  if (run !== undefined && rows.length === 0 && !(await hasRun(ask, { pipeline, run }))) {
    throw new UsageError("There is no such run", {
      got: JSON.stringify(run),
      expected: `how the id of a run of ${pipeline} begins; etl_run.id has it`,
    });
  }
  const others = describeOthers(counts);
  if (rows.length === 0)
    return [`There is no open rejected row of ${pipeline}${run === undefined ? "" : ` in run ${run}`}${others}`];
  const { text, bare } = writeRejected(rows, contractOf);
  if (out === undefined) await printData(text.trimEnd());
  else writeNew(out, text);
  return [
    `${counted(rows.length, "open rejected row")}${out === undefined ? "" : ` in ${out}`}${others}`,
    ...(bare === 0
      ? []
      : [
          `${bare} of them have empty columns: their text is not kept (sensitive columns), is cut at 1,000 characters, or is no row of the source's columns. Copy the values from millrace_text or the source`,
        ]),
    `Correct them, then: ${command} ${shellWord(out ?? "FILE")}`,
  ];
}

function describeOthers({ mended, superseded }: StateCounts): string {
  return mended + superseded === 0 ? "" : `; besides ${mended} mended, ${superseded} superseded`;
}

/** Somebody's corrections may be in a file that exists; what is in it may be personal data. */
function writeNew(out: string, text: string): void {
  try {
    writeFileSync(out, text, { flag: "wx", mode: 0o600 });
  } catch (cause) {
    const got = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError("The rejected rows cannot be written", {
      got,
      expected: "the name of a new file in an existing folder",
      fix: "Name another file: one that exists may have corrections in it",
      cause,
    });
  }
}
