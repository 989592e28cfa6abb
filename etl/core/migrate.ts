import { type Kysely, type Migration, Migrator } from "kysely";
import { DatabaseError } from "./errors";
import { rejectedRowOffset } from "./migrations/rejected-row-offset";
import { runLedger } from "./migrations/run-ledger";

/** Migrations by name; they run in the order of their names: `001-covid-daily`. */
export type Migrations = Readonly<Record<string, Migration>>;

/**
 * Brings the tables up to date: those that every pipeline shares, then the pipeline's own. Each owner has a migration
 * table of its own, so that pipelines come to a database in any order. Kysely's Migrator takes a lock, so several
 * first runs at once all succeed.
 *
 * @throws DatabaseError naming the migration that failed
 */
export async function migrate<Tables>(db: Kysely<Tables>, owner: string, migrations: Migrations): Promise<void> {
  await migrateOwner(db, "core", { "001-run-ledger": runLedger, "002-rejected-row-offset": rejectedRowOffset });
  await migrateOwner(db, owner, migrations);
}

async function migrateOwner<Tables>(db: Kysely<Tables>, owner: string, migrations: Migrations): Promise<void> {
  const migrator = new Migrator({
    db,
    migrationTableName: `millrace_migration_${owner}`,
    migrationLockTableName: "millrace_migration_lock",
    provider: { getMigrations: async () => ({ ...migrations }) },
  });
  const { error, results } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const failed = results?.find(({ status }) => status === "Error")?.migrationName;
  throw new DatabaseError(
    failed === undefined ? `The tables of ${owner} could not be made` : `The migration ${owner} ${failed} failed`,
    {
      got: error instanceof Error ? error.message : String(error),
      expected: "a user that may create tables in its schema",
      fix: "GRANT CREATE ON SCHEMA public TO the user, and run again",
      cause: error,
    },
  );
}
