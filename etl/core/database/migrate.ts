import { type Kysely, type Migration, Migrator, sql, type Transaction } from "kysely";
import { DatabaseError, MillraceError } from "../errors";
import { adviseOnMigration } from "./advice";
import { droppedRecords } from "./migrations/dropped-records";
import { history } from "./migrations/history";
import { mendedRows } from "./migrations/mended-rows";
import { proof } from "./migrations/proof";
import { reader } from "./migrations/reader";
import { rejectedRowOffset } from "./migrations/rejected-row-offset";
import { runLedger } from "./migrations/run-ledger";
import { supersededRows } from "./migrations/superseded-rows";

/** Migrations by name; they run in the order of their names: `001-covid-daily`. */
export type Migrations = Readonly<Record<string, Migration>>;

/** What to do if the search path names no existing schema. */
export const NO_SCHEMA = "CREATE SCHEMA …, GRANT USAGE on it to the user, or correct search_path";

/** What to do if it begins with one of PostgreSQL's own: for temporary tables, or for its catalogue. */
const NO_TEMPORARY = "Correct search_path for this user or database: ALTER ROLE … SET search_path = public";

/** The tables shared by all pipelines. */
const coreMigrations: Migrations = {
  "001-run-ledger": runLedger,
  "002-rejected-row-offset": rejectedRowOffset,
  "003-dropped-records": droppedRecords,
  "004-reader": reader,
  "005-superseded-rows": supersededRows,
  "006-mended-rows": mendedRows,
  "007-history": history,
  "008-proof": proof,
};

/**
 * Updates the tables: the shared ones, then the pipeline's own. Each owner has its own migration table, so that
 * pipelines can be added to a database in any order. Kysely's Migrator takes a lock, so several first runs at once all
 * succeed. All of it is in the schema that is in force, the first of the search path: several schemas of one database
 * each have their own.
 *
 * @throws DatabaseError naming the migration that failed
 */
export async function migrate<Tables>(db: Kysely<Tables>, owner: string, migrations: Migrations): Promise<void> {
  const schema = await schemaInForce(db);
  await migrateOwner(db, schema, "core", coreMigrations);
  await migrateOwner(db, schema, owner, migrations);
}

/**
 * Creates the same tables as {@link migrate}, in a transaction that the caller rolls back.
 *
 * @throws DatabaseError like {@link migrate}
 */
export async function rehearseMigrations<Tables>(
  trx: Transaction<Tables>,
  owners: Readonly<Record<string, Migrations>>,
): Promise<void> {
  const schema = await schemaInForce(trx);
  for (const [owner, migrations] of Object.entries({ core: coreMigrations, ...owners })) {
    const done = await doneMigrations(trx, schema, owner);
    for (const [name, migration] of Object.entries(migrations).sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (done.has(name)) continue;
      await migration.up(trx).catch((cause: unknown) => {
        throw explain(cause, schema, owner, name);
      });
    }
  }
}

/** @throws DatabaseError if the search path names no existing and usable schema, or begins with PostgreSQL's own */
export async function schemaInForce<Tables>(db: Kysely<Tables>): Promise<string> {
  const { rows } = await sql<{ schema: string | null; path: string }>`
    select current_schema() as schema, current_setting('search_path') as path`.execute(db);
  const { schema, path } = rows[0] ?? {};
  if (schema !== null && schema !== undefined) return refusePostgresOwn(schema, path);
  throw new DatabaseError("No schema of the search path exists", {
    got: `search_path ${path}`,
    expected: "at least one schema that the user may use",
    fix: NO_SCHEMA,
  });
}

/**
 * PostgreSQL's own schemas: tables in the one for temporary tables are lost with the session, so a success would be
 * false.
 */
const POSTGRES_OWN = /^(pg_|information_schema$)/;

function refusePostgresOwn(schema: string, path: string | undefined): string {
  if (!POSTGRES_OWN.test(schema)) return schema;
  throw new DatabaseError("The search path begins with one of PostgreSQL's own schemas", {
    got: `search_path ${path}`,
    expected: "first a schema whose tables are permanent, for example public",
    where: { source: `schema ${schema}` },
    fix: NO_TEMPORARY,
  });
}

async function doneMigrations<Tables>(db: Kysely<Tables>, schema: string, owner: string): Promise<ReadonlySet<string>> {
  const table = sql.id(schema, migrationTable(owner));
  const name = sql`quote_ident(${schema}) || '.' || quote_ident(${migrationTable(owner)})`;
  const { rows: found } = await sql<{ there: boolean }>`select to_regclass(${name}) is not null as there`.execute(db);
  if (found[0]?.there !== true) return new Set();
  const { rows } = await sql<{ name: string }>`select name from ${table}`.execute(db);
  return new Set(rows.map((row) => row.name));
}

function migrationTable(owner: string): string {
  return `millrace_migration_${owner}`;
}

async function migrateOwner<Tables>(
  db: Kysely<Tables>,
  schema: string,
  owner: string,
  migrations: Migrations,
): Promise<void> {
  // Kysely's looks through the whole catalogue, and lets one after the other do so: of a thousand runs at once, each would wait.
  const done = await doneMigrations(db, schema, owner);
  if (done.size === Object.keys(migrations).length && Object.keys(migrations).every((name) => done.has(name))) return;
  const migrator = new Migrator({
    db,
    migrationTableSchema: schema,
    migrationTableName: migrationTable(owner),
    migrationLockTableName: "millrace_migration_lock",
    provider: { getMigrations: async () => ({ ...migrations }) },
  });
  const { error, results } = await migrator.migrateToLatest();
  if (error === undefined) return;
  throw explain(error, schema, owner, results?.find(({ status }) => status === "Error")?.migrationName);
}

function explain(error: unknown, schema: string, owner: string, name?: string): DatabaseError {
  return new DatabaseError(
    name === undefined ? `The tables of ${owner} could not be created` : `The migration ${owner} ${name} failed`,
    {
      got: wordsOf(error),
      where: { source: `schema ${schema}` },
      fix: adviseOnMigration(error, schema),
      cause: error,
    },
  );
}

/** PostgreSQL's own, if any: the advice comes from the table. */
function wordsOf(error: unknown): string {
  if (error instanceof MillraceError && error.details.got !== undefined) return error.details.got;
  return error instanceof Error ? error.message : String(error);
}
