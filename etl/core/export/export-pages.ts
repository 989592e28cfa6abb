import { isDeepStrictEqual } from "node:util";
import { gzipSync } from "node:zlib";
import { counted } from "../counted";
import { DatabaseError } from "../errors";
import { csvHeader } from "./csv-text";
import type { HashesAnswer, PageAnswer, TablesAnswer } from "./export-call";
import { FORMAT, type KeptFile, type Manifest, type TableShape, tableFile } from "./manifest";

/** A database behind the function `export`. */
export interface PagedDatabase {
  readonly tables: () => Promise<TablesAnswer>;
  readonly page: (table: TableShape, after: string | null) => Promise<PageAnswer>;
  readonly hashes: () => Promise<HashesAnswer>;
}

/** Keeps one file of an export, whose pieces are compressed. */
export type KeepPieces = (file: string, pieces: AsyncIterable<Buffer>) => Promise<KeptFile>;

export interface PagesOptions {
  readonly keep: KeepPieces;
  /** The contract of the feed that fills a table, if any. */
  readonly contractOf: (table: string) => unknown;
  /** Called after each page with the table's rows so far, and whether it was the last page. */
  readonly onPage: (table: string, rows: number, isLast: boolean) => void;
}

export interface ExportedPages {
  readonly manifest: Manifest;
  /** Of each table, on disk. */
  readonly sizes: ReadonlyMap<string, number>;
}

/**
 * Exports all tables of a database that is read in pages. Nothing may write meanwhile: the hashes of all tables are of
 * one moment, after the last page, and what was restored from the pages must have them.
 *
 * @throws DatabaseError if a table has changed meanwhile, as far as its columns or the number of its rows show it
 */
export async function exportPages(
  database: PagedDatabase,
  { keep, contractOf, onPage }: PagesOptions,
): Promise<ExportedPages> {
  const { server, tables: shapes, without } = await database.tables();
  const kept: (KeptFile & { readonly shape: TableShape; readonly file: string; readonly seen: number })[] = [];
  for (const [at, shape] of shapes.entries()) {
    const file = tableFile(shape.name, at);
    let seen = 0;
    const pieces = async function* () {
      yield gzipSync(csvHeader(shape.columns.map(({ name }) => name)));
      for (let after: string | null | undefined; after !== null; ) {
        const page: PageAnswer = await database.page(shape, after ?? null);
        seen += page.rows;
        after = page.next;
        onPage(shape.name, seen, after === null);
        yield Buffer.from(page.csv, "base64");
      }
    };
    const written = await keep(file, pieces());
    kept.push({ ...written, shape, file, seen });
  }
  const { tables: hashed } = await database.hashes();
  refuseOthers(shapes, hashed);
  const tables = kept.map(({ shape, seen, ...file }) => {
    const now = hashed.find((each) => isDeepStrictEqual(each.shape, shape));
    if (now === undefined || now.hash.rows !== seen) throw changed(shape.name, counted(seen, "row"), now);
    return { ...shape, ...file, ...now.hash, contract: contractOf(shape.name) ?? null };
  });
  return {
    manifest: { format: FORMAT, exported: new Date().toISOString(), server, tables, ledgers: [], without },
    sizes: new Map(hashed.map(({ shape, bytes }) => [shape.name, bytes])),
  };
}

function refuseOthers(shapes: readonly TableShape[], hashed: HashesAnswer["tables"]): void {
  const later = hashed.find(({ shape }) => !shapes.some(({ name }) => name === shape.name));
  if (later !== undefined) throw changed(later.shape.name, "no such table", later);
}

function changed(name: string, got: string, now: HashesAnswer["tables"][number] | undefined): DatabaseError {
  return new DatabaseError(`The table ${name} changed while it was exported`, {
    got,
    expected:
      now === undefined
        ? "the columns, keys and numbers that it had"
        : `${counted(now.hash.rows, "row")}, as afterwards`,
    fix: "Wait until nothing runs (npm run ops -- list), switch schedules off, then rehearse again.",
  });
}
