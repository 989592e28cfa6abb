import { Command } from "commander";
import { resourceName } from "../../../config/names";
import { MillraceError } from "../../../etl/core/errors";
import { explainAwsError } from "../../command-line/explain-aws-error";
import { describeAllUnheard } from "../../deliver/doctor/subscribers";
import { renderTable } from "../../run/terminal/render-table";
import { deployedPipelines, type PipelineNames } from "../pipeline-names";
import { DeployedQueue } from "../queue";
import { renderDuration, renderTime } from "../render";
import { describeSchedule, readSchedules } from "../schedules";
import { type Output, Session } from "../session";

const NOT_DEPLOYED = "not deployed";
/** The services' error name; users with a policy of an earlier version may not list schedules and subscriptions. */
const NO_RIGHT = /^(AccessDenied|AuthorizationError)/;

/** `ops list`. */
export function listCommand(): Command {
  return new Command("list")
    .description(
      "What is deployed, what starts it, and its state; also schedules switched off by hand, and recipients that get no messages.",
    )
    .option("--json", "one JSON array")
    .action((output: Output) =>
      Session.run(output, async (session) => {
        const { config, aws } = session;
        const schedules = await ifAllowed(session, "schedules", () =>
          readSchedules(aws.scheduler, resourceName(config)),
        );
        const rows = [];
        let deployed: PipelineNames | undefined;
        for (const pipeline of deployedPipelines(config)) {
          const state = await describe(session, pipeline);
          if (state !== NOT_DEPLOYED) deployed ??= pipeline;
          const schedule =
            state === NOT_DEPLOYED || schedules === undefined ? undefined : describeSchedule(pipeline, schedules);
          rows.push({ pipeline: pipeline.name, starts: pipeline.starts, state, schedule });
        }
        const table = rows.map(({ pipeline, starts, state, schedule }) => [
          pipeline,
          starts,
          schedule === undefined ? state : `${state}; ${schedule}`,
        ]);
        session.show(renderTable(["PIPELINE", "STARTED BY", "STATE"], table), rows);
        if (deployed === undefined) return;
        const arn = await session.arnOf(deployed);
        const unheard = await ifAllowed(session, "subscriptions", () => describeAllUnheard(config, aws.sns, arn));
        for (const line of unheard ?? []) session.tell(`Warning: ${line}`);
      }),
    );
}

/** Undefined, with a warning, if the caller lacks the permission. */
async function ifAllowed<Answer>(
  session: Session,
  what: string,
  ask: () => Promise<Answer>,
): Promise<Answer | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof Error) || !NO_RIGHT.test(error.name)) throw error;
    session.tell(
      `Warning: ${what} were not checked, since these credentials lack the permission. npm run bootstrap updates the policies for people`,
    );
    return undefined;
  }
}

async function describe(session: Session, pipeline: PipelineNames): Promise<string> {
  try {
    if (pipeline.files === undefined) return await describeLastRun(session, pipeline);
    const { waiting, inFlight } = await (await DeployedQueue.find(session.aws.sqs, pipeline.files)).counts();
    return `${waiting} waiting, ${inFlight} in work, ${await session.countDeadLetters(pipeline)} failed`;
  } catch (error) {
    if (explainAwsError(error) === error && error instanceof MillraceError) return NOT_DEPLOYED;
    throw error;
  }
}

async function describeLastRun(session: Session, pipeline: PipelineNames): Promise<string> {
  const [run] = await (await session.machine(pipeline)).newest(1);
  if (run === undefined) return "no run yet";
  return `${run.status.toLowerCase()} ${renderTime(run.started)}, ${renderDuration(run, new Date())}`;
}
