import { PutObjectCommand } from "@aws-sdk/client-s3";
import { Command } from "commander";
import { bucketName } from "../../../config/names";
import { sectionOf } from "../../../config/sections";
import { describeMend } from "../../../etl/core/mend/describe-mend";
import type { MendReport } from "../../../etl/core/mend/mend-run";
import { inputFile } from "../../command-line/user-path";
import { AGAIN } from "../../run/mend/mend-command";
import { openMendFile } from "../../run/mend/mend-file";
import { describeLeft, exitCodeOf, mendToJson } from "../../run/mend/mend-report";
import { mendSubject } from "../../run/mend/subject";
import { callerOf } from "../caller";
import { hasTable, type PipelineNames } from "../pipeline-names";
import { followRun } from "../runs/follow-run";
import { readMendOutput } from "../runs/mend-output";
import { type Output, Session } from "../session";

interface MendOptions extends Output {
  readonly again?: boolean;
}

/** `ops mend`. */
export function mendCommand(): Command {
  return new Command("mend")
    .description(
      "Loads the corrected rows of a file that `rejected` wrote, by the same contract, as a run of its own, and waits for its end. " +
        "A newer row of the source stays, a row that is mended already too; exit code 1 if a row stays rejected.",
    )
    .argument("<name>", "covid, or a feed")
    .argument("<file>", "the corrected CSV", inputFile)
    .option("--again", AGAIN)
    .option("--json", "one JSON object")
    .action((name: string, file: string, options: MendOptions) =>
      Session.run(options, async (session) => {
        const { pipeline } = mendSubject(name);
        const report = await mendDeployed(session, session.pipeline(name, hasTable), file, options);
        for (const line of describeLeft(report, { file })) session.tell(line);
        session.show(describeMend(report, { pipeline }), mendToJson(report, { pipeline }));
        process.exitCode = exitCodeOf(report);
      }),
    );
}

/** @throws UsageError before anything is sent, where the file is no file of rejected rows */
async function mendDeployed(
  session: Session,
  pipeline: PipelineNames,
  path: string,
  { again }: MendOptions,
): Promise<MendReport> {
  const { content, sha256 } = await openMendFile(path);
  const machine = await session.machine(pipeline);
  const [, , , , account = ""] = machine.arn.split(":");
  const Bucket = bucketName(session.config, "raw", account);
  const { resourceName } = sectionOf(session.config, pipeline.name);
  const key = `${resourceName}/mends/${new Date().toISOString().slice(0, 10)}/${sha256}.csv`;
  await session.aws.s3.send(new PutObjectCommand({ Bucket, Key: key, Body: content, ContentType: "text/csv" }));
  const run = await machine.start(JSON.stringify({ mend: { key, by: await callerOf(session.config), again } }));
  session.tell(`Started ${pipeline.name}: run ${run.name}, of s3://${Bucket}/${key}`);
  const output = await followRun(session, machine, run);
  return readMendOutput(output, pipeline.name, run.name);
}
