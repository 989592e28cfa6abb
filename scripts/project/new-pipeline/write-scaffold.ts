import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { MillraceError, UsageError } from "../../../etl/core/errors";
import { runProgram } from "../../command-line/run-program";
import type { PipelineName } from "./pipeline-name";
import { fillTemplate, type PipelinePlan, register, type Scaffold } from "./scaffold";

/** What a scaffold did to a checkout; paths from its root. */
export interface WrittenScaffold {
  readonly written: readonly string[];
  readonly changed: readonly string[];
}

/**
 * Writes the files of a scaffold into a checkout, and its line into each list that knows all of its kind.
 *
 * @throws UsageError where one of its files is there already; nothing is written then
 * @throws MillraceError where a list has another form than is known; nothing is written then
 */
export async function writeScaffold(
  root: string,
  { files, registrations }: Scaffold,
  plan: PipelineName | PipelinePlan,
): Promise<WrittenScaffold> {
  const written = Object.keys(files);
  const present = written.filter((path) => existsSync(join(root, path)));
  if (present.length > 0) {
    throw new UsageError("Nothing was written: files of this name are there", {
      got: present.join(", "),
      fix: "Take another name, or remove them",
    });
  }
  const texts = new Map<string, string>();
  for (const [path, template] of Object.entries(files))
    texts.set(path, fillTemplate(await readTemplate(template), plan));
  for (const registration of registrations) {
    const { file, import: line, entry, closing } = registration;
    const text = register(await readFile(join(root, file), "utf8"), registration);
    if (text === undefined) {
      throw new MillraceError(`${file} has another form than this command knows`, {
        expected: `a list that ends with ${closing}`,
        fix: `Nothing was written; add by hand ${line} and ${entry}`,
      });
    }
    texts.set(file, text);
  }
  for (const [path, text] of texts) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  const code = [...texts.keys()].filter((path) => path.endsWith(".ts"));
  const biome = join("node_modules", "@biomejs", "biome", "bin", "biome");
  await runProgram(process.execPath, [biome, "check", "--write", ...code], { cwd: root });
  return { written, changed: registrations.map(({ file }) => file) };
}

function readTemplate(name: string): Promise<string> {
  return readFile(join(__dirname, "templates", `${name}.template`), "utf8");
}
