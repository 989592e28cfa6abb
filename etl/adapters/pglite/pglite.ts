import { setFlagsFromString } from "node:v8";
import { type ParserOptions, PGlite, type QueryOptions, type Results, types } from "@electric-sql/pglite";
import { Kysely } from "kysely";
import { PGliteDialect } from "kysely-pglite-dialect";
import { type CopyRows, type Database, findCopyRows, parseInteger } from "../../core/database/database";
import { lockDirectory } from "../files/directory-lock";
import { makeFolder } from "../files/make-folder";
import { parseArrays, takeArrayParsers } from "./array-parsers";
import { prepareDirectory } from "./directory";
import { explainPgliteError, isEngineErrno } from "./errors";
import { makeFirstFiles } from "./first-files";

/**
 * The engine is WebAssembly. V8 compiles a function of it again, optimised, after this many bytes of it ran: with V8's
 * own 1.8 million, that took half of a short run's processor time, without a gain for long ones.
 */
setFlagsFromString("--wasm-tiering-budget=180000000");

/** A COPY is cut into statements of about this size, since PGlite needs all rows of a statement at once. */
const COPY_BYTES = 8 * 1024 * 1024;

export interface PgliteOptions {
  /** How long to wait for another process to close the directory. @default 10,000 ms */
  readonly waitMs?: number;
  /** Called with a text that names the process being waited for. @default not called */
  readonly onWait?: (text: string) => void;
  /** Begin with an empty database, once no other process has it open. @default false */
  readonly fresh?: boolean;
  /** A folder that keeps the initial files of databases, so that a new one is ready at once. @default none */
  readonly cache?: string;
}

/**
 * Opens the embedded PostgreSQL with its files in a directory, created if missing, or in memory. Takes about 1 s and
 * 400 MB; 4 s if a new one's initial files are not cached. Only one process at a time may have a directory open.
 *
 * @throws DatabaseError if another process has the directory open, or its files cannot be used.
 */
export async function openPglite<Tables>(
  directory?: string,
  options: PgliteOptions = {},
): Promise<Database<Tables> & { readonly pglite: PGlite }> {
  const unlock = directory === undefined ? undefined : await takeDirectory(directory, options);
  try {
    const pglite = new CopyingPglite(directory);
    await pglite.start();
    const db = new Kysely<Tables>({ dialect: new PGliteDialect(pglite) });
    return {
      db,
      pglite,
      close: async () => {
        try {
          await db.destroy();
          if (!pglite.closed) await pglite.close();
        } finally {
          await unlock?.();
        }
      },
    };
  } catch (error) {
    await unlock?.();
    throw explainPgliteError(error, directory, "opened");
  }
}

/** Locks a directory, which has a complete database then. @returns a function that releases it */
async function takeDirectory(
  directory: string,
  { waitMs = 10_000, onWait, fresh = false, cache }: PgliteOptions,
): Promise<() => Promise<void>> {
  let unlock: (() => Promise<void>) | undefined;
  try {
    await makeFolder(directory);
    unlock = await lockDirectory(directory, { name: "the embedded database", waitMs, onWait });
    await prepareDirectory(directory, fresh, (aside) =>
      cache === undefined ? make(aside) : makeFirstFiles(aside, cache, () => make(aside)),
    );
    return unlock;
  } catch (error) {
    await unlock?.();
    throw explainPgliteError(error, directory, "made");
  }
}

async function make(directory: string): Promise<void> {
  const made = new PGlite(directory);
  await untilReady(made);
  await made.close();
}

/**
 * Waits until an engine has started. If it cannot write a file while unpacking itself, it reports this only as an
 * unhandled rejection, which would end the process.
 */
async function untilReady(pglite: PGlite): Promise<void> {
  let take: (reason: unknown) => void = () => undefined;
  const broken = new Promise<never>((_, reject) => {
    take = (reason) => {
      // Other unhandled rejections stay unhandled.
      if (!isEngineErrno(reason)) throw reason;
      reject(reason);
    };
  });
  process.on("unhandledRejection", take);
  try {
    await Promise.race([pglite.waitReady, broken]);
  } finally {
    process.off("unhandledRejection", take);
  }
}

const PARSERS: ParserOptions = {
  [types.INT8]: parseInteger,
  [types.DATE]: (text: string) => text,
  [types.TIMESTAMP]: (text: string) => text.replace(" ", "T"),
};

/** Feeds the rows of a COPY statement to PGlite's blob device, and explains errors. */
class CopyingPglite extends PGlite {
  readonly #directory: string | undefined;
  readonly #parsers: PGlite["parsers"];
  #arrayParsers: PGlite["parsers"] = {};

  constructor(directory: string | undefined) {
    super({ parsers: PARSERS, dataDir: directory });
    this.#directory = directory;
    this.#parsers = { ...this.parsers };
  }

  /** Waits until it has started. */
  async start(): Promise<void> {
    await untilReady(this);
    this.#arrayParsers = takeArrayParsers(this, this.#parsers);
    // PGlite has `debug3`, with several messages a statement, which nobody reads.
    await this.exec("set client_min_messages = notice");
  }

  override async query<T>(text: string, parameters?: unknown[], options?: QueryOptions): Promise<Results<T>> {
    const rows = findCopyRows(parameters);
    if (rows === undefined) return this.#run(text, parameters, options);
    const fromBlob = text.replace(/ from stdin$/i, " from '/dev/blob'");
    let result: Results<T> = { rows: [], fields: [] };
    for await (const blob of gather(rows)) {
      result = await this.#run(fromBlob, [], { ...options, blob });
    }
    return result;
  }

  async #run<T>(text: string, parameters?: unknown[], options?: QueryOptions): Promise<Results<T>> {
    try {
      const result = await super.query<T>(text, parameters, options);
      parseArrays(result, this.#arrayParsers);
      return result;
    } catch (error) {
      throw explainPgliteError(error, this.#directory, "used");
    }
  }
}

async function* gather(rows: CopyRows): AsyncGenerator<Blob> {
  let parts: Buffer[] = [];
  let bytes = 0;
  for await (const buffer of rows) {
    parts.push(buffer);
    bytes += buffer.length;
    if (bytes < COPY_BYTES) continue;
    yield new Blob(parts);
    parts = [];
    bytes = 0;
  }
  if (bytes > 0) yield new Blob(parts);
}
