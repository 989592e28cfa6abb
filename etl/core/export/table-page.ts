import { gzipSync } from "node:zlib";
import { sql, type Transaction } from "kysely";
import { DatabaseError } from "../errors";
import { csvLines } from "./csv-text";
import type { TableShape } from "./manifest";
import { fixTexts, type TextRow, textsOf } from "./table-rows";

/** Rows of a table from some place on, as they fit into one answer. */
export interface TablePage {
  /** Lines of the table's CSV, compressed. Files of gzip can be joined. */
  readonly csv: Buffer;
  readonly rows: number;
  /** The place of the last row; null if there are no more rows. */
  readonly next: string | null;
}

export interface PageLimits {
  /** Enough for one page, compressed. A page ends with the piece of rows that reaches it. */
  readonly enough: number;
  /** More is refused. */
  readonly most: number;
}

/** Few, since a row may be as long as a mebibyte. */
const ROWS_AT_ONCE = 100;
/** Of CSV, compressed together. */
const PIECE_CHARACTERS = 256 * 1024;

/**
 * Reads rows in the order in which the table stores them (`ctid`), so that no key or index is needed. Several pages are
 * several moments: whether they fit together, the table's row hash must show.
 *
 * @param after the last row of the page before; null for the first
 * @throws DatabaseError if one row is larger than an answer
 */
export async function readTablePage(
  db: Transaction<unknown>,
  { name, columns }: Pick<TableShape, "name" | "columns">,
  after: string | null,
  { enough, most }: PageLimits,
): Promise<TablePage> {
  await fixTexts(db);
  // A scan of the table by place, from there on; a sequential one would begin in front, or in the middle.
  await sql`select set_config('enable_seqscan', 'off', true), set_config('synchronize_seqscans', 'off', true)`.execute(
    db,
  );
  await sql`declare page no scroll cursor for select ctid::text as place, ${sql.join(textsOf(columns))} from ${sql.id(name)}
    where ctid > ${sql.lit(after ?? "(0,0)")}::tid`.execute(db);
  const pieces: Buffer[] = [];
  let [bytes, rows, characters] = [0, 0, 0];
  let waiting: TextRow[] = [];
  const compress = () => {
    if (waiting.length === 0) return;
    const piece = gzipSync(csvLines(waiting));
    pieces.push(piece);
    bytes += piece.length;
    [waiting, characters] = [[], 0];
    if (bytes <= most) return;
    throw new DatabaseError(`A row of ${name} is too large for an export by pages`, {
      got: `${bytes} bytes, compressed`,
      expected: `at most ${most}`,
      fix: "Use pg_dump for this database, from inside its network.",
    });
  };
  for (;;) {
    const batch = await sql<Readonly<Record<string, string | null>>>`fetch ${sql.lit(ROWS_AT_ONCE)} from page`.execute(
      db,
    );
    for (const row of batch.rows) {
      const texts = columns.map((_, at) => row[at] ?? null);
      waiting.push(texts);
      rows += 1;
      characters += texts.reduce((sum, text) => sum + (text?.length ?? 0), 0);
      if (characters < PIECE_CHARACTERS) continue;
      compress();
      if (bytes >= enough) return { csv: Buffer.concat(pieces), rows, next: row.place ?? null };
    }
    if (batch.rows.length === 0) break;
  }
  compress();
  return { csv: Buffer.concat(pieces), rows, next: null };
}
