import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Command } from "commander";
import { UsageError } from "../etl/core/errors";
import { runCommand } from "./command-line/run-command";
import { outputFolder } from "./command-line/user-path";
import { buildArtifacts } from "./deliver/build/artifacts";
import { buildDoorstep } from "./deliver/build/doorstep";
import { describeArtifacts, exceedsLimit } from "./deliver/build/sizes";
import { CONTRACT_ARGUMENT, openContract } from "./run/feed/contract/open-contract";

const root = join(__dirname, "..");

const command = new Command("npm run build --")
  .description("Builds the layer and the handlers that the stacks deploy; the same sources give the same bytes.")
  .option("--out <dir>", "folder for the artifacts", outputFolder, join(root, "dist"))
  .option("--doorstep <name-or-path>", `only the page that checks a file before it is sent, of ${CONTRACT_ARGUMENT}`)
  .action(async ({ out, doorstep }: { out: string; doorstep?: string }) => {
    if (doorstep !== undefined) return writeDoorstep(doorstep, join(out, "doorstep"));
    const artifacts = await buildArtifacts(root, out);
    process.stdout.write(describeArtifacts(artifacts));
    if (artifacts.some(exceedsLimit)) process.exitCode = 1;
  });

async function writeDoorstep(name: string, folder: string): Promise<void> {
  const contract = openContract(name);
  const file = join(folder, `${contract.name}.html`);
  const page = await buildDoorstep(root, contract);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(file, page);
  } catch (cause) {
    throw new UsageError("The page cannot be written", {
      got: cause instanceof Error ? cause.message : String(cause),
      expected: "--out with a folder, in which doorstep is made",
      fix: "Name a folder of yours",
      cause,
    });
  }
  console.log(
    `${file} is written: ${(page.length / 1024).toFixed(0)} KiB, for any browser, from a disk or a web server`,
  );
}

runCommand(command);
