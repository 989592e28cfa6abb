import type { Kysely } from "kysely";
import { type Migrations, migrate } from "../../../core/database/migrate";
import { DatabaseError } from "../../../core/errors";
import type { ImportContract } from "../contract";
import { type ImportTables, importMigrations } from "../ledger/tables";
import { compareTarget, createSchema } from "./compare-target";
import { createTarget } from "./create-target";
import { settleTarget } from "./lost-table";

/**
 * Brings the ledger's tables up to date and makes the contract's table, where that was never done.
 *
 * @throws DatabaseError where the table's schema is missing
 */
export async function makeTables(db: Kysely<ImportTables>, contract: ImportContract): Promise<void> {
  const missing = await createSchema(db, contract.table);
  if (missing !== undefined) {
    throw new DatabaseError(`There is no schema for the table ${contract.table}`, {
      expected: "the schema that the contract names",
      fix: `Run: ${missing.trim()} Or correct table in the contract ${contract.name}`,
    });
  }
  for (const [owner, migrations] of Object.entries(migrationsOf(contract))) await migrate(db, owner, migrations);
}

/**
 * Checks the table that is there, and writes down which one it is.
 *
 * @param full everything is loaded again, whatever became of the rows before
 * @throws DatabaseError that lists all differences and the SQL that mends them, or says that the loaded rows are gone
 */
export async function requireTarget(db: Kysely<ImportTables>, contract: ImportContract, full: boolean): Promise<void> {
  const differences = await compareTarget(db, contract);
  if (differences.length === 0) return settleTarget(db, contract.table, full);
  throw new DatabaseError(`The table ${contract.table} is not what the contract ${contract.name} describes`, {
    got: differences.map(({ what }) => what).join("; "),
    expected: "the contract's columns, key and provenance",
    fix: `Run: ${differences.map(({ sql, andThen = "" }) => `${sql}${andThen}`).join(" ")}`,
  });
}

/** By owner: the ledger's, then the contract's own. */
export function migrationsOf(contract: ImportContract): Readonly<Record<string, Migrations>> {
  return {
    import: importMigrations,
    [`import_${contract.name}`]: {
      "001-table": { up: async (fresh) => void (await createTarget(contract).execute(fresh)) },
    },
  };
}
