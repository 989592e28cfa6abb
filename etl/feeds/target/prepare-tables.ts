import { type Kysely, sql, type Transaction } from "kysely";
import type { Feed } from "../../core/contract/contract";
import { makeAsOf } from "../../core/database/make-as-of";
import { type Migrations, migrate } from "../../core/database/migrate";
import { inTransaction } from "../../core/database/transaction";
import { DatabaseError } from "../../core/errors";
import { quoteTable } from "../../core/load/table-habits";
import { type FeedTables, feedMigrations } from "../ledger/tables";
import { addColumns, findColumnsToAdd } from "./add-columns";
import { compareTarget, createSchema } from "./compare-target";
import { createTarget } from "./create-target";
import { lockTarget } from "./lock-target";
import { settleTarget } from "./lost-table";

/**
 * Updates the ledger's tables, and creates the contract's table if that was never done.
 *
 * @throws DatabaseError if the table's schema is missing
 */
export async function makeTables(db: Kysely<FeedTables>, contract: Feed): Promise<void> {
  const missing = await createSchema(db, contract.table);
  if (missing !== undefined) {
    throw new DatabaseError(`There is no schema for the table ${contract.table}`, {
      expected: "the schema that the contract names",
      fix: `Run: ${missing.trim()} Or correct table in the contract ${contract.name}`,
    });
  }
  for (const [owner, migrations] of Object.entries(migrationsOf(contract))) await migrate(db, owner, migrations);
  await inTransaction(db, "the table was made if so", (trx) => makeUnknown(trx, contract));
}

/**
 * Creates the contract's table if it is missing and not in the ledger: a contract of this name, whose migration is
 * marked as done, had another table. A missing table that is in the ledger was dropped, which is an error to report.
 */
export async function makeUnknown(trx: Transaction<FeedTables>, contract: Feed): Promise<void> {
  if (!(await isUnknown(trx, contract.table))) return;
  await lockTarget(trx, contract.table, "exclusive");
  if (await isUnknown(trx, contract.table)) await createTarget(contract).execute(trx);
}

async function isUnknown(trx: Transaction<FeedTables>, table: string): Promise<boolean> {
  const { rows } = await sql<{ unknown: boolean }>`select to_regclass(${quoteTable(table)}) is null
    and not exists (select from import_target where target = ${table}) as unknown`.execute(trx);
  return rows[0]?.unknown === true;
}

/**
 * Checks the existing table, adds the contract's new columns, and records which table it is.
 *
 * @param full everything is loaded again, even if the earlier rows are lost
 * @returns the added columns
 * @throws DatabaseError that lists all differences and the SQL that fixes them, or says that the loaded rows are lost
 */
export async function requireTarget(db: Kysely<FeedTables>, contract: Feed, full: boolean): Promise<readonly string[]> {
  const differences = await compareTarget(db, contract);
  const added = await findColumnsToAdd(db, contract, differences);
  if (added.length > 0) await addColumns(db, contract, differences);
  if (differences.length === added.length) {
    await settleTarget(db, contract.table, full);
    await makeAsOf(db, contract.table);
    return added;
  }
  throw new DatabaseError(`The table ${contract.table} is not what the contract ${contract.name} describes`, {
    got: differences.map(({ what }) => what).join("; "),
    expected: "the contract's columns, key and provenance",
    fix: `Run: ${differences.map(({ sql, andThen = "" }) => `${sql}${andThen}`).join(" ")}`,
  });
}

/** By owner: the ledger's, then the contract's own. */
export function migrationsOf(contract: Feed): Readonly<Record<string, Migrations>> {
  return {
    import: feedMigrations,
    [`import_${contract.name}`]: {
      "001-table": { up: async (fresh) => void (await createTarget(contract).execute(fresh)) },
    },
  };
}
