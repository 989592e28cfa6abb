import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { MillraceError } from "../../../etl/core/errors";
import { runProgram } from "../../command-line/run-program";
import { type PipelinePlan, pipelineScaffold } from "./scaffold";
import { type WrittenScaffold, writeScaffold } from "./write-scaffold";

const ADDRESSES = "test/infra/addresses";

export interface WrittenPipeline extends WrittenScaffold {
  /** What it adds to the kept lists of addresses: `<list> <address>`. */
  readonly addresses: readonly string[];
}

/**
 * Writes a pipeline into a checkout, and what is made of its files: docs/configuration.md and the lists of addresses.
 *
 * @param say told what takes a while
 * @throws UsageError, MillraceError as {@link writeScaffold} does, and where addresses of others would go
 */
export async function writePipeline(
  root: string,
  plan: PipelinePlan,
  say: (text: string) => void,
): Promise<WrittenPipeline> {
  const { written, changed } = await writeScaffold(root, pipelineScaffold(plan), plan);
  await runProgram(process.execPath, ["--import", "tsx", "scripts/config-docs.ts"], { cwd: root });
  say("finding out what it adds to the stack");
  const addresses = await updateAddresses(root);
  return { written, changed: [...changed, "docs/configuration.md", ADDRESSES], addresses };
}

/** Lets the test that keeps the addresses write them anew, and sees that none is gone. @returns those that are new */
async function updateAddresses(root: string): Promise<readonly string[]> {
  const before = await readAddresses(root);
  const flags = ["--experimental-vm-modules", "--disable-warning=ExperimentalWarning"];
  const jest = [...flags, "node_modules/jest/bin/jest.js", "--selectProjects", "unit"];
  const test = ["--testPathPatterns", "test/infra/stacks", "-t", "keeps the addresses"];
  const env = { ...process.env, UPDATE_ADDRESSES: "1" };
  await runProgram(process.execPath, [...jest, ...test], { cwd: root, env });
  const after = await readAddresses(root);
  const gone = [...before].filter((address) => !after.has(address));
  if (gone.length === 0) return [...after].filter((address) => !before.has(address));
  throw new MillraceError("With the new pipeline, resources of others would go", {
    got: gone.join(", "),
    fix: "Do not deploy this; git status shows what was written, and this is a bug of npm run new-pipeline",
  });
}

async function readAddresses(root: string): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const name of await readdir(join(root, ADDRESSES))) {
    const list = await readFile(join(root, ADDRESSES, name), "utf8");
    for (const address of list.trimEnd().split("\n")) found.add(`${name.replace(".txt", "")} ${address}`);
  }
  return found;
}
