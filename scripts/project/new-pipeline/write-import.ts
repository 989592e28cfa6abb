import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Feed } from "../../../etl/core/contract/contract";
import { runProgram } from "../../command-line/run-program";
import { makeSample } from "../samples/contract-sample";
import type { PipelineName } from "./pipeline-name";
import { importScaffold } from "./scaffold";
import { type WrittenScaffold, writeScaffold } from "./write-scaffold";

/**
 * Writes a contract of `import` into a checkout, and what follows from it: a made-up sample and its page.
 *
 * @throws UsageError, MillraceError as {@link writeScaffold} does
 */
export async function writeImport(root: string, name: PipelineName): Promise<WrittenScaffold> {
  const { written, changed } = await writeScaffold(root, importScaffold(name), name);
  const contracts: Readonly<Record<string, Feed>> = require(join(root, `etl/feeds/${name.name}.ts`));
  const samples = Object.values(contracts).map(makeSample);
  const sample = `samples/feeds/${name.name}/made-up.csv`;
  await mkdir(dirname(join(root, sample)), { recursive: true });
  await writeFile(join(root, sample), samples.join(""));
  await runProgram(process.execPath, ["--import", "tsx", "scripts/config-docs.ts"], { cwd: root });
  return { written: [...written, sample, `docs/feeds/${name.name}.md`], changed };
}
