import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { MillraceError, UsageError } from "../../../../etl/core/errors";
import { runProgram } from "../../../command-line/run-program";
import { makeSample } from "../../samples/contract-sample";
import type { FeedName } from "../feed-name";
import { addressesFile, writeAddresses } from "./addresses";
import { type ContractText, writeContract } from "./contract-text";
import { encodeText } from "./encode-text";
import type { FeedSettings } from "./settings";
import type { UndoableFiles } from "./undo";

const LIST = "etl/feeds/feeds.ts";
const CONFIG = "config/dev.ts";

/** The paths of a feed's files, from the project's root. */
export interface FeedFiles {
  readonly contract: string;
  readonly sample: string;
  readonly page: string;
  readonly addresses: string;
}

export function filesOf(name: string): FeedFiles {
  return {
    contract: `etl/feeds/${name}.ts`,
    sample: `samples/feeds/${name}/made-up.csv`,
    page: `docs/feeds/${name}.md`,
    addresses: addressesFile(name),
  };
}

/** @throws UsageError if one of its files exists */
export function refusePresent(root: string, name: string): void {
  const present = Object.values(filesOf(name)).filter((path) => existsSync(join(root, path)));
  if (present.length === 0) return;
  throw new UsageError("Nothing was written: files with this name exist", {
    got: present.join(", "),
    fix: "Choose another name, or remove them",
  });
}

/**
 * Writes a feed into a checkout: its contract, a made-up sample, its page, its line in the list, its settings in dev's configuration and
 * the addresses of what they deploy.
 *
 * @throws MillraceError if a list has an unknown form
 */
export async function writeFeed(
  root: string,
  files: UndoableFiles,
  feed: FeedName,
  text: ContractText,
  settings: FeedSettings,
): Promise<void> {
  const { contract, sample, page, addresses } = filesOf(feed.name);
  const read = (path: string) => readFileSync(join(root, path), "utf8");
  const texts = { [LIST]: addToList(read(LIST), feed), [CONFIG]: addToConfig(read(CONFIG), feed.name, settings) };
  files.write(sample, encodeText(makeSample(text.feed), text.feed.encoding));
  files.write(contract, writeContract(text));
  for (const [path, changed] of Object.entries(texts)) files.write(path, changed);
  files.willChange(page);
  const biome = join("node_modules", "@biomejs", "biome", "bin", "biome");
  await runProgram(process.execPath, [biome, "check", "--write", contract, LIST, CONFIG], { cwd: root });
  await runProgram(process.execPath, ["--import", "tsx", "scripts/config-docs.ts"], { cwd: root });
  files.write(addresses, await writeAddresses(feed.name));
}

/** The last list of the file is the list of all feeds. */
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

/** Into the section `feeds`, or as a new section at the end. */
export function addToConfig(text: string, name: string, settings: FeedSettings): string {
  const entry = `"${name}": ${JSON.stringify(settings)},`;
  if (/\n {2}feeds: \{/.test(text)) return text.replace(/\n {2}feeds: \{/, (found) => `${found}${entry}`);
  const end = text.lastIndexOf("\n};");
  if (end === -1) throw unknownForm(CONFIG, `feeds: { ${entry} }`);
  return `${text.slice(0, end)}\n  feeds: { ${entry} },${text.slice(end)}`;
}

function unknownForm(file: string, what: string): MillraceError {
  return new MillraceError(`${file} has a form unknown to this command`, {
    fix: `Nothing was written; add by hand ${what}`,
  });
}
