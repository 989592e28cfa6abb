import { Command } from "commander";
import { MillraceError } from "../../etl/core/errors";
import { explainAwsError } from "../explain-aws-error";
import { renderTable } from "../terminal/render-table";
import { deployedPipelines, type PipelineNames } from "./pipeline-names";
import { DeployedQueue } from "./queue";
import { renderDuration, renderTime } from "./render";
import { type Output, Session } from "./session";

/** `ops list`. */
export function listCommand(): Command {
  return new Command("list")
    .description("What is deployed, what starts it, and how it does.")
    .option("--json", "one JSON array")
    .action((output: Output) =>
      Session.run(output, async (session) => {
        const rows = [];
        for (const pipeline of deployedPipelines(session.config)) {
          const { name, starts } = pipeline;
          rows.push({ pipeline: name, starts, state: await describe(session, pipeline) });
        }
        const table = rows.map(({ pipeline, starts, state }) => [pipeline, starts, state]);
        session.show(renderTable(["PIPELINE", "STARTED BY", "STATE"], table), rows);
      }),
    );
}

async function describe(session: Session, pipeline: PipelineNames): Promise<string> {
  try {
    if (pipeline.files === undefined) return await describeLastRun(session, pipeline);
    const { waiting, inFlight } = await (await DeployedQueue.find(session.aws.sqs, pipeline.files)).counts();
    return `${waiting} waiting, ${inFlight} in work, ${await session.countDeadLetters(pipeline)} failed`;
  } catch (error) {
    if (explainAwsError(error) === error && error instanceof MillraceError) return "not deployed";
    throw error;
  }
}

async function describeLastRun(session: Session, pipeline: PipelineNames): Promise<string> {
  const [run] = await (await session.machine(pipeline)).newest(1);
  if (run === undefined) return "no run yet";
  return `${run.status.toLowerCase()} ${renderTime(run.started)}, ${renderDuration(run, new Date())}`;
}
