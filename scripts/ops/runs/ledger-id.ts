import * as z from "zod";
import { UsageError } from "../../../etl/core/errors";
import type { PipelineNames } from "../pipeline-names";
import type { Session } from "../session";

/** What an execution of `covid` or a feed ends with, as far as it names its run in the ledger. */
const executionOutput = z
  .union([
    z.object({ load: z.object({ runId: z.string() }) }).transform(({ load }) => load.runId),
    z.object({ run: z.object({ id: z.string() }) }).transform(({ run }) => run.id),
  ])
  .optional()
  .catch(undefined);

/** The ledger's id of an execution's run, which its output has. @throws UsageError if there is no such execution */
export async function ledgerIdOf(session: Session, pipeline: PipelineNames, name: string): Promise<string | undefined> {
  const machine = await session.machine(pipeline);
  const { output } = await machine.describe(await machine.findRun(name));
  return output === undefined ? undefined : executionOutput.parse(JSON.parse(output));
}

/** The shortest name of an execution: a UUID. */
const WHOLE_NAME = 36;

/**
 * The ledger's id of the run, if it is given by the whole name of its execution; else as it was given. Parts of a name
 * are not looked for: another run's id may begin with them.
 */
export async function asLedgerId(session: Session, pipeline: PipelineNames, run: string): Promise<string> {
  if (run.length < WHOLE_NAME) return run;
  const id = await ledgerIdOf(session, pipeline, run).catch((error: unknown) => {
    if (error instanceof UsageError) return undefined;
    throw error;
  });
  return id ?? run;
}
