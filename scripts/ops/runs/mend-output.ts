import { MillraceError } from "../../../etl/core/errors";
import { mendOutput } from "../../../etl/core/mend/mend-event";
import type { MendReport } from "../../../etl/core/mend/mend-run";

/** @throws MillraceError if the run mended nothing, as its machine is of a version that does not */
export function readMendOutput(output: unknown, pipeline: string, run: string): MendReport {
  const { data, error } = mendOutput.safeParse(output);
  if (data !== undefined) return data.mended;
  throw new MillraceError("The deployed version does not mend: it ran as its schedule starts it", {
    got: `run ${run}, whose output has no report of a mend`,
    fix: `Deploy etl, then mend again; npm run ops -- status ${pipeline} shows what the run did`,
    cause: error,
  });
}
