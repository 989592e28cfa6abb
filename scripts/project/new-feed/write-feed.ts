import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Feed } from "../../../etl/core/contract/contract";
import { MillraceError, UsageError } from "../../../etl/core/errors";
import { runProgram } from "../../command-line/run-program";
import { makeSample } from "../samples/contract-sample";
import type { FeedName } from "./feed-name";

const LIST = "etl/feeds/feeds.ts";
const CONFIG = "config/dev.ts";

/** What was done to a checkout; paths from its root. */
export interface WrittenFeed {
  readonly written: readonly string[];
  readonly changed: readonly string[];
}

/**
 * Writes a feed into a checkout: its contract, its line in the list and in dev's configuration, and what follows from the
 * contract, a made-up sample and its page.
 *
 * @throws UsageError where one of its files is there already
 * @throws MillraceError where a list has another form than is known; nothing is written in either case
 */
export async function writeFeed(root: string, feed: FeedName): Promise<WrittenFeed> {
  const { name, variable } = feed;
  const contract = `etl/feeds/${name}.ts`;
  const sample = `samples/feeds/${name}/made-up.csv`;
  const present = [contract, sample].filter((path) => existsSync(join(root, path)));
  if (present.length > 0) {
    throw new UsageError("Nothing was written: files of this name are there", {
      got: present.join(", "),
      fix: "Take another name, or remove them",
    });
  }
  const read = (path: string) => readFile(path, "utf8");
  const template = await read(join(__dirname, "feed.ts.template"));
  const texts = new Map([
    [contract, fill(template, feed)],
    [LIST, addToList(await read(join(root, LIST)), feed)],
    [CONFIG, addToConfig(await read(join(root, CONFIG)), name)],
  ]);
  for (const [path, text] of texts) await writeFile(join(root, path), text);
  const biome = join("node_modules", "@biomejs", "biome", "bin", "biome");
  await runProgram(process.execPath, [biome, "check", "--write", ...texts.keys()], { cwd: root });
  const { [variable]: made } = require(join(root, contract)) as Readonly<Record<string, Feed>>;
  await mkdir(dirname(join(root, sample)), { recursive: true });
  await writeFile(join(root, sample), made === undefined ? "" : makeSample(made));
  await runProgram(process.execPath, ["--import", "tsx", "scripts/config-docs.ts"], { cwd: root });
  return { written: [contract, sample, `docs/feeds/${name}.md`], changed: [LIST, CONFIG] };
}

function fill(template: string, feed: FeedName): string {
  return template.replaceAll(/\{\{(name|variable|table)\}\}/g, (_, key: keyof FeedName) => feed[key]);
}

/** The last list of the file is that of all feeds. */
export function addToList(text: string, { name, variable }: FeedName): string {
  const entry = /(readonly Feed\[\] = \[)([^\]]*)\]/;
  if (!entry.test(text))
    throw unknownForm(LIST, `import { ${variable} } from "./${name}"; and ${variable} in its list`);
  const list = text.replace(
    entry,
    (_, begin, members: string) => `${begin}${members.replace(/,?\s*$/, "")}, ${variable}]`,
  );
  return `import { ${variable} } from "./${name}";\n${list}`;
}

/** Into the section `feeds`, or as one at the end. */
export function addToConfig(text: string, name: string): string {
  const entry = `"${name}": {},`;
  if (/\n {2}feeds: \{/.test(text)) return text.replace(/\n {2}feeds: \{/, (found) => `${found}${entry}`);
  const end = text.lastIndexOf("\n};");
  if (end === -1) throw unknownForm(CONFIG, `feeds: { ${entry} }`);
  return `${text.slice(0, end)}\n  feeds: { ${entry} },${text.slice(end)}`;
}

function unknownForm(file: string, what: string): MillraceError {
  return new MillraceError(`${file} has another form than this command knows`, {
    fix: `Nothing was written; add by hand ${what}`,
  });
}
