import { cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parsePipelineName } from "../../scripts/project/new-pipeline/pipeline-name";
import { pipelineScaffold } from "../../scripts/project/new-pipeline/scaffold";
import { writeScaffold } from "../../scripts/project/new-pipeline/write-scaffold";
import type { LoadingCommand } from "./database-subject";
import { lookAtRuns } from "./run-look";
import { runPhases, sent } from "./run-phases";

const PROJECT = join(__dirname, "..", "..");
/** What a command needs of the project. */
const PARTS = ["config", "etl", "scripts", "package.json", "tsconfig.json"];
const NAME = "made-up";
const FINDING = /source \? 'version'/;

/** A checkout in which `npm run new-pipeline` wrote a pipeline, as far as its command goes. */
export async function scaffoldPipeline(folder: string): Promise<string> {
  const root = join(folder, "checkout");
  for (const part of PARTS) cpSync(join(PROJECT, part), join(root, part), { recursive: true });
  symlinkSync(join(PROJECT, "node_modules"), join(root, "node_modules"));
  const name = parsePipelineName(NAME, new Map());
  const plan = { ...name, schedule: "rate(1 day)", prefix: `${NAME}/`, startOnObject: false };
  const { files, registrations } = pipelineScaffold(name);
  const command = registrations.filter(({ file }) => file.startsWith("scripts/"));
  await writeScaffold(root, { files, registrations: command }, plan);
  return root;
}

/** What `npm run new-pipeline` writes, as it is: five records before, thousands after, of which five differ. */
export function scaffoldedCommand(folder: string, compiled = "", records = 20_000): LoadingCommand {
  mkdirSync(join(folder, NAME));
  const write = (length: number, factor: number) => {
    const rows = Array.from({ length }, (_, index) => `r-${index},2026-01-05,${index * factor}\n`);
    writeFileSync(join(folder, NAME, "all.csv"), `id,day,amount\n${rows.join("")}`);
  };
  const phases = runPhases({ pipeline: NAME, table: "made_up", rows: records });
  return {
    name: "a new pipeline",
    compiled,
    phases: { ...phases, "finding what is new": sent(FINDING) },
    args: [NAME, "--json", join(NAME, "all.csv")],
    writeBefore: () => write(5, 3),
    writeAfter: () => write(records, 7),
    look: lookAtRuns(NAME, "made_up", "id", records),
  };
}
