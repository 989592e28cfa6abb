import { Option } from "commander";
import { openPglite } from "../../etl/adapters/pglite/pglite";
import { openPostgres } from "../../etl/adapters/postgres/postgres";
import type { Database } from "../../etl/core/database/database";
import { cacheFolder } from "../cloud/environment/cache-folder";
import { adviseOnDatabase } from "./advise-here";
import { EMBEDDED_DATABASE } from "./places";

/** The database of a local run. */
export interface DatabaseChoice {
  /** A PostgreSQL. Default: the embedded one below the working directory, which is kept between runs. */
  readonly databaseUrl?: string;
  /** Begin with an empty embedded database. Default: false. */
  readonly fresh?: boolean;
}

/** The option for {@link DatabaseChoice.databaseUrl}. @param embedded what the embedded database is called in its text */
export function databaseUrlOption(embedded = "the embedded one"): Option {
  return new Option("--database-url <url>", `a PostgreSQL (default: ${embedded} in .millrace/)`).env("DATABASE_URL");
}

/** @throws DatabaseError if it cannot be reached, or another process has the embedded one open */
export async function openDatabase<Tables>({ databaseUrl, fresh }: DatabaseChoice): Promise<Database<Tables>> {
  if (databaseUrl !== undefined) {
    return openPostgres<Tables>(databaseUrl, patience()).catch((error) => {
      throw adviseOnDatabase(error);
    });
  }
  const onWait = (text: string) => console.error(text);
  return openPglite<Tables>(EMBEDDED_DATABASE, { fresh, cache: cacheFolder(), onWait }).catch((error) => {
    throw adviseOnDatabase(error);
  });
}

/** MILLRACE_SILENCE_MS shortens the silence allowed to a database or a feed: for a test, or a known network. */
export function patience(): { readonly silenceMs?: number } {
  const set = Number(process.env.MILLRACE_SILENCE_MS);
  return set > 0 ? { silenceMs: set } : {};
}
