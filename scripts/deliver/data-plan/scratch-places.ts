import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { sql } from "kysely";
import { openPostgres } from "../../../etl/adapters/postgres/postgres";
import type { Places } from "./compare-pipeline";

/**
 * Places of runs below a folder: with an embedded database each, or with a schema each of a PostgreSQL, which are removed afterwards.
 *
 * @param databaseUrl whose user may make schemas. Default: embedded databases
 */
export async function withPlaces<Result>(
  folder: string,
  databaseUrl: string | undefined,
  work: (places: Places) => Promise<Result>,
): Promise<Result> {
  const folderOf = (name: string, side: string) => {
    const place = join(folder, name, side);
    mkdirSync(place, { recursive: true });
    return place;
  };
  if (databaseUrl === undefined) return work(async (name, side) => ({ folder: folderOf(name, side) }));
  const { db, close } = await openPostgres<never>(databaseUrl);
  const schemas: string[] = [];
  try {
    return await work(async (name, side) => {
      const schema = `millrace_data_plan_${randomBytes(6).toString("hex")}`;
      await sql`create schema ${sql.id(schema)}`.execute(db);
      schemas.push(schema);
      return { folder: folderOf(name, side), databaseUrl: inSchema(databaseUrl, schema) };
    });
  } finally {
    try {
      for (const schema of schemas) await sql`drop schema ${sql.id(schema)} cascade`.execute(db);
    } finally {
      await close();
    }
  }
}

function inSchema(databaseUrl: string, schema: string): string {
  const url = new URL(databaseUrl);
  url.searchParams.set("options", `-c search_path=${schema}`);
  return url.href;
}
