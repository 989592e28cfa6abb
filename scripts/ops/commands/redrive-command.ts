import { Command } from "commander";
import { counted } from "../../../etl/core/counted";
import type { PipelineNames } from "../pipeline-names";
import { DeployedQueue } from "../queue";
import { redriveStarts } from "../runs/redrive";
import { type Output, Session } from "../session";

/** `ops redrive`. */
export function redriveCommand(): Command {
  return new Command("redrive")
    .description(
      "Tries the messages in a pipeline's dead-letter queue again, once their cause is fixed: events of objects go back " +
        "into the queue, failed starts are started.",
    )
    .argument("<name>", "the pipeline")
    .option("--json", "one JSON object")
    .action((name: string, output: Output) =>
      Session.run(output, async (session) => {
        const pipeline = session.pipeline(name);
        await (pipeline.files === undefined
          ? redriveRuns(session, pipeline)
          : redriveEvents(session, pipeline, pipeline.files));
      }),
    );
}

async function redriveRuns(session: Session, pipeline: PipelineNames): Promise<void> {
  const { name, deadLetters } = pipeline;
  const machine = await session.machine(pipeline);
  const queues = await Promise.all(deadLetters.map((queue) => DeployedQueue.find(session.aws.sqs, queue)));
  const { started, done, left } = await redriveStarts(queues, machine);
  const lines = [
    `${name}: ${done === 0 ? "no starts to try again" : `${counted(done, "dead letter")}, started again as ${started.join(", ")}`}`,
    ...left.map((reason) => `left: ${reason}`),
  ];
  session.show(lines.join("\n"), { pipeline: name, started, done, left });
}

/** Failed calls of its function are not moved: only the queue and people call it. */
async function redriveEvents(session: Session, { name, deadLetters: [events] }: PipelineNames, files: string) {
  const { sqs } = session.aws;
  const deadLetters = await DeployedQueue.find(sqs, events);
  const { waiting } = await deadLetters.counts();
  if (waiting > 0) await deadLetters.moveTo(await DeployedQueue.find(sqs, files));
  const text =
    waiting === 0 ? "no dead letters" : `about ${counted(waiting, "event goes", "events go")} back into the queue`;
  session.show(`${name}: ${text}`, { pipeline: name, moved: waiting });
}
