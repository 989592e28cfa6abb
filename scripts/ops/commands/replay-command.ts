import { HeadObjectCommand, NotFound } from "@aws-sdk/client-s3";
import { Command, Option } from "commander";
import { bucketName } from "../../../config/names";
import { counted } from "../../../etl/core/counted";
import { MillraceError } from "../../../etl/core/errors";
import { proofToJson, renderProof } from "../../run/prove/proof";
import { proveDeployed } from "../prove/prove-deployed";
import { DeployedQueue } from "../queue";
import { replayInput } from "../runs/run-history";
import { Session } from "../session";
import { type StartOptions, startRun } from "./start-command";

/** `ops replay`. */
export function replayCommand(): Command {
  return new Command("replay")
    .description(
      "Loads again what an earlier run loaded: its objects, or else its input. For a feed, and for a pipeline " +
        "started by objects, RUN may be an object's key: it is read again, and the newest object still wins.",
    )
    .argument("<name>", "the pipeline")
    .argument("<run>", "the run, or the start of its name; or an object's key")
    .addOption(new Option("--wait", "wait until it ends; exit code 1 if it fails").conflicts("prove"))
    .option(
      "--prove",
      "loads nothing: says whether this checkout's code makes the same rows from the run's bytes, or the first one that differs (exit code 1)",
    )
    .option("--json", "one JSON object")
    .action((name: string, run: string, options: StartOptions & { readonly prove?: boolean }) =>
      Session.run(options, async (session) => {
        const pipeline = session.pipeline(name);
        if (options.prove === true) {
          const proof = await proveDeployed(session, pipeline, run);
          session.show(renderProof(proof), JSON.parse(proofToJson(proof)));
          if (proof.outcome !== "same") process.exitCode = 1;
          return;
        }
        if (pipeline.files !== undefined) {
          await replayObject(session, name, pipeline.files, run);
          return;
        }
        if (pipeline.kind === "feeds" && isKey(run)) {
          session.tell(`Reading ${run} again`);
          await startRun(session, pipeline, JSON.stringify({ replay: [run] }), options);
          return;
        }
        const machine = await session.machine(pipeline);
        const found = await machine.findRun(run);
        const { input = "{}" } = await machine.describe(found);
        const replay = replayInput(input, await machine.history(found));
        session.tell(
          replay.objects === undefined
            ? `${found.name} names no objects: it is started again with its input ${replay.input}`
            : `Loading the ${counted(replay.objects, "object")} of ${found.name} again`,
        );
        await startRun(session, pipeline, replay.input, options);
      }),
    );
}

/** The name of a run has no slash and no dot. */
function isKey(run: string): boolean {
  return /[/.]/.test(run);
}

/** @throws MillraceError if it does not exist: otherwise the event of a mistyped key would be dropped silently */
async function requireObject({ aws }: Session, bucket: string, key: string): Promise<void> {
  try {
    await aws.s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
  } catch (cause) {
    if (!(cause instanceof NotFound)) throw cause;
    throw new MillraceError("There is no such object, so nothing was sent", {
      got: key,
      expected: `the key of an object in s3://${bucket}`,
      fix: `aws s3 ls s3://${bucket}/ --recursive lists them`,
      cause,
    });
  }
}

/** Sends the pipeline an event like S3's for a new object. */
async function replayObject(session: Session, name: string, queueName: string, key: string): Promise<void> {
  const queue = await DeployedQueue.find(session.aws.sqs, queueName);
  const [, , , , account = ""] = (await queue.arn()).split(":");
  const bucket = bucketName(session.config, "incoming", account);
  await requireObject(session, bucket, key);
  const detail = { bucket: { name: bucket }, object: { key } };
  await queue.send(JSON.stringify({ source: "aws.s3", "detail-type": "Object Created", detail }));
  session.show(`${name} will read s3://${bucket}/${key} again; npm run ops -- logs ${name} --follow shows it`, {
    pipeline: name,
    bucket,
    key,
  });
}
