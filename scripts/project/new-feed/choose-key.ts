import { createInterface } from "node:readline/promises";
import { UsageError } from "../../../etl/core/errors";
import { type GuessedColumn, type GuessedFeed, mayBeKey } from "./guess/guess-feed";

/** The columns of a key, and why. */
export interface ChosenKey {
  readonly columns: readonly [string, ...string[]];
  readonly note: string;
}

/** The column types that people use for keys. */
const USUAL = ["bigint", "integer", "uuid", "text", "date"];
const MOST_NAMED = 10;

/**
 * The key of a feed: the given one, the only set of columns that distinguishes all rows, or the user's answer.
 *
 * @param reading how the file was read, for messages: a file that was read wrongly has other columns
 * @param given names of columns, in the table or in the header. Default: found
 * @throws UsageError if it cannot be a key, if there is none, or if there are several and no terminal to ask on
 */
export async function chooseKey(
  guessed: GuessedFeed,
  reading: string,
  given?: readonly string[],
  ask = askOnTerminal,
): Promise<ChosenKey> {
  if (given !== undefined) return { columns: findColumns(guessed.columns, given, reading), note: "as given" };
  const candidates = plausible(guessed);
  const [only, ...others] = candidates;
  if (only === undefined) throw noKey(guessed, reading);
  const answer = others.length === 0 ? only : await ask(candidates.map(({ columns }) => columns.join(",")));
  const chosen = typeof answer === "object" ? answer : candidates.find(({ columns }) => columns.join(",") === answer);
  if (chosen === undefined) {
    throw severalKeys(
      candidates.map(({ columns }) => columns.join(",")),
      reading,
    );
  }
  const what =
    chosen.columns.length === 1 ? "no two rows of the file share it" : "no two rows of the file share all of them";
  return {
    columns: chosen.columns as ChosenKey["columns"],
    note: chosen.isProven ? what : "probably no two rows share it: not all of them were compared",
  };
}

/** Amounts and times that happen to differ are keys only if there is nothing else. */
function plausible({ keys, columns }: GuessedFeed): GuessedFeed["keys"] {
  const types = new Map(columns.map(({ name, column }) => [name, column.type]));
  const usual = keys.filter((key) => key.columns.every((name) => USUAL.includes(types.get(name) ?? "")));
  return usual.length > 0 ? usual : keys;
}

function findColumns(
  columns: readonly GuessedColumn[],
  given: readonly string[],
  reading: string,
): ChosenKey["columns"] {
  const found = given.map((text) => {
    const column =
      columns.find(({ name, column: { header = name } }) => header === text) ??
      columns.find(({ name }) => name === text);
    const expected = `one of ${columns.map(({ name }) => name).join(", ")}`;
    if (column === undefined) {
      const got = JSON.stringify(text);
      throw new UsageError("--key names no column", { got, expected, fix: `The file was read as ${reading}` });
    }
    if (mayBeKey(column)) return column.name;
    throw new UsageError("A column of --key can be no part of a key", {
      got: `${column.name}, ${column.column.type}${column.hasEmpty ? ", empty in some rows" : ""}`,
      expected: "columns with a value in each row, neither double nor json",
      fix: "Name others",
    });
  });
  return found as unknown as ChosenKey["columns"];
}

/** @returns undefined without a terminal */
async function askOnTerminal(keys: readonly string[]): Promise<string | undefined> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // readline handles Ctrl-C itself.
  terminal.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
  try {
    const list = keys.map((key, at) => `  ${at + 1}  ${key}`).join("\n");
    console.error(`Each of these distinguishes all rows. Which one stays the same when a row changes?\n${list}`);
    const answer = (await terminal.question("Number (1): ")).trim();
    return keys[Number(answer === "" ? "1" : answer) - 1];
  } finally {
    terminal.close();
  }
}

function severalKeys(keys: readonly string[], reading: string): UsageError {
  const more = keys.length > MOST_NAMED ? `, and ${keys.length - MOST_NAMED} more` : "";
  return new UsageError("Nothing was written: several columns could be the key", {
    got: `${keys.slice(0, MOST_NAMED).join(" or ")}${more}: each distinguishes all rows`,
    expected: "the one that stays the same when a row changes",
    fix: `Say which one, for example --key ${keys[0]}. The file was read as ${reading}`,
  });
}

function noKey({ columns }: GuessedFeed, reading: string): UsageError {
  const names = columns.filter(mayBeKey).map(({ name }) => name);
  return new UsageError("Nothing was written: no key was found", {
    got: "no set of up to four columns that no two rows share",
    expected: "columns that distinguish all rows",
    fix: `Name them, for example --key ${names.slice(0, 2).join(",") || "id"}: of rows with the same key the last one stays. The file was read as ${reading}`,
  });
}
