import type { Column } from "../../../etl/core/contract/column";
import type { Feed } from "../../../etl/core/contract/contract";
import { counted } from "../../../etl/core/counted";
import { describeReading } from "./describe-reading";
import type { GuessedFeed } from "./guess/guess-feed";
import type { MadeFeed } from "./make-feed";
import type { Profile } from "./profile/profile-csv";

const MOST_COLUMNS = 40;
const CHANGED = ["etl/feeds/feeds.ts", "config/dev.ts"];

/** The report of what was found, written and loaded, and of the next steps. */
export function renderReport(made: MadeFeed, isMadeUp: boolean): string {
  const { feed, files, guessed } = made;
  return `${isMadeUp ? "Made-up columns: make them yours." : describeFile(made)}

${describeColumns(made)}

Wrote:
${list(Object.values(files))}
Changed:
${list(CHANGED)}

${describeLoad(made)}

Next:
  Read ${files.contract}: each comment is a guess${guessed.columns.some(({ column }) => column.sensitive) ? "; so is what is sensitive" : ""}
  npm run etl -- feed ${feed.name} FILE.csv        the next file, on this machine
  npm test -- test/integration/samples          each feed's sample, twice
Commit it, and once it is deployed:
  aws s3 cp FILE.csv s3://<incoming bucket>/${made.prefix}
  npm run ops -- start ${feed.name} --wait`;
}

function describeFile({ profile, feed }: MadeFeed): string {
  return `${describeReading(profile)}; key ${feed.key.join(", ")}`;
}

function describeColumns({ feed, guessed, profile }: MadeFeed): string {
  const lines = guessed.columns.map(({ name, notes }) => {
    const column = feed.columns[name] as Column;
    const type = `${typeOf(column)}${column.nullable === true ? "" : " not null"}${column.sensitive === true ? ", sensitive" : ""}`;
    return [name, type, [...(feed.key.includes(name) ? ["key"] : []), ...notes].join("; ")] as const;
  });
  const shown = lines.slice(0, MOST_COLUMNS);
  const widths = [0, 1].map((at) => Math.max(...shown.map((line) => line[at]?.length ?? 0)));
  const more = lines.length - shown.length;
  const checks = guessed.columns.filter(({ check }) => check !== undefined);
  return [
    ...shown.map(([name, type, notes]) =>
      `  ${name.padEnd(widths[0] ?? 0)}  ${type.padEnd(widths[1] ?? 0)}  ${notes}`.trimEnd(),
    ),
    ...(more > 0 ? [`  and ${more} more`] : []),
    ...guessed.leftOut.map((text) => `  Left out: ${text}`),
    ...(profile.encoding === "windows-1252" ? ["  Check the letters with marks: windows-1252 is a guess"] : []),
    ...checks.map(({ name, check }) => `  Check ${name}: ${check}`),
  ].join("\n");
}

function typeOf(column: Column): string {
  return column.type === "numeric" ? `numeric(${column.precision}, ${column.scale})` : column.type;
}

function describeLoad({ summary, profile, feed, guessed }: MadeFeed): string {
  const { rows, inserted, updated, unchanged, superseded, rejected, warnings } = summary;
  const counts = [...(updated > 0 ? [`${updated} updated`] : []), ...(unchanged > 0 ? [`${unchanged} unchanged`] : [])];
  return [
    `Loaded into the embedded database, table ${feed.table}: ${counted(rows, "row")}, ${[`${inserted} inserted`, ...counts, `${superseded} superseded, ${rejected} rejected`].join(", ")}`,
    ...(superseded > 0
      ? [`Warning: ${counted(superseded, "row")} gave way to another one with the same key: ${whyNoKey(feed, guessed)}`]
      : []),
    ...describeBroken(profile, feed.name),
    ...(profile.swallowing === undefined
      ? []
      : [`Warning: a quoted field of line ${profile.swallowing} has lines that look like rows: is its quote closed?`]),
    ...warnings.map((warning) => `Warning: ${warning}`),
  ].join("\n");
}

/** The key's texts were compared before the load, its values while it loads: `1.0` and `1.00` are one number. */
function whyNoKey({ key }: Feed, { keys }: GuessedFeed): string {
  const areTextsUnique = keys.some(({ columns }) => columns.every((name) => key.includes(name)));
  return areTextsUnique
    ? `no two rows share the texts of ${key.join(", ")}, but some their values. Make its type text, or add columns to the key`
    : `${key.join(", ")} is not a key of this file. Add columns to it`;
}

function describeBroken({ broken, firstBroken }: Profile, name: string): readonly string[] {
  if (firstBroken === undefined) return [];
  return [
    `Warning: ${counted(broken, "line")} of the file ${broken === 1 ? "is no row" : "are no rows"}, and maxRejected allows as many. The first is line ${firstBroken.line}: ${firstBroken.reason}`,
    `  npm run etl -- rejected ${name}          shows ${broken === 1 ? "it" : "them"}`,
  ];
}

function list(paths: readonly string[]): string {
  return paths.map((path) => `  ${path}`).join("\n");
}
