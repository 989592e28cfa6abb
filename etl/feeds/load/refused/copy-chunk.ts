import { sql, type Transaction } from "kysely";
import type { CopyRows } from "../../../core/database/database";
import { copyIntoStage } from "../../../core/load/stage";
import type { FeedTables } from "../../ledger/tables";
import { explainRefused, type Refused, type Writing } from "./explain-refused";
import { isOfARow } from "./of-a-row";

const [NEWLINE, TAB] = [10, "\t"];

/**
 * Copies the rows of a chunk into the stage. If the stage refuses one of them (it is too large, say), reads the chunk again
 * to find it: what COPY says of lines counts from the beginning of its own statement, and at most a thousand rows too many.
 *
 * @param columns of the rows; the last is the row's offset
 * @param open reads the chunk's rows
 * @throws RefusedRowError with key, object and byte
 */
export async function copyChunk(
  trx: Transaction<FeedTables>,
  writing: Writing,
  columns: readonly string[],
  open: (isFirst: boolean) => CopyRows,
): Promise<void> {
  await sql`savepoint millrace_copy`.execute(trx);
  try {
    await copyIntoStage(trx, columns, open(true));
  } catch (error) {
    if (!isOfARow(error)) throw error;
    await sql`rollback to savepoint millrace_copy`.execute(trx);
    for await (const buffer of open(false)) {
      const refused = await tryRows(trx, columns, buffer);
      if (refused !== undefined) {
        throw explainRefused(writing, await findRow(trx, columns, buffer, refused, writing.contract.key));
      }
    }
    throw error;
  }
  await sql`release savepoint millrace_copy`.execute(trx);
}

/** The row that the stage refuses, by halves. COPY writes a line break within a value as a backslash and `n`. */
async function findRow(
  trx: Transaction<FeedTables>,
  columns: readonly string[],
  buffer: Buffer,
  first: unknown,
  key: readonly string[],
): Promise<Refused> {
  let error = first;
  let ends = [0];
  for (let at = buffer.indexOf(NEWLINE); at !== -1; at = buffer.indexOf(NEWLINE, at + 1)) ends.push(at + 1);
  while (ends.length > 2) {
    const middle = ends.length >> 1;
    const below = await tryRows(trx, columns, buffer.subarray(ends[0], ends[middle]));
    error = below ?? error;
    ends = below === undefined ? ends.slice(middle) : ends.slice(0, middle + 1);
  }
  const values = buffer.toString("utf8", ends[0], (ends[1] ?? 1) - 1).split(TAB);
  return {
    error,
    offset: Number(values.at(-1)),
    key: key.map((column) => decode(values[columns.indexOf(column)] ?? "")),
  };
}

const LETTERS: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: TAB };

/** A value of COPY's text format as it stands in the table. */
function decode(text: string): string {
  return text.replaceAll(/\\(.)/g, (_all, letter: string) => LETTERS[letter] ?? letter);
}

/** @returns why the stage refuses one of these rows; it stays empty */
async function tryRows(trx: Transaction<FeedTables>, columns: readonly string[], rows: Buffer): Promise<unknown> {
  await sql`savepoint millrace_rows`.execute(trx);
  try {
    await copyIntoStage(trx, columns, only(rows));
    return undefined;
  } catch (error) {
    if (!isOfARow(error)) throw error;
    return error;
  } finally {
    await sql`rollback to savepoint millrace_rows`.execute(trx).catch(() => undefined);
  }
}

async function* only(rows: Buffer): CopyRows {
  yield rows;
}
