import type { Kysely } from "kysely";
import { DatabaseError } from "../../core/errors";
import { migrate } from "../../core/migrate";
import { compareTarget } from "./compare-target";
import type { ImportContract } from "./contract";
import { createTarget } from "./create-target";
import { type ImportTables, importMigrations } from "./tables";

/**
 * Brings the ledger's tables up to date and makes the contract's table where there is none. One that is there is checked.
 *
 * @throws DatabaseError that lists all differences and the SQL that mends them
 */
export async function prepareTables(db: Kysely<ImportTables>, contract: ImportContract): Promise<void> {
  await migrate(db, "import", importMigrations);
  await migrate(db, `import_${contract.name}`, {
    "001-table": { up: async (fresh) => void (await createTarget(contract).execute(fresh)) },
  });
  const differences = await compareTarget(db, contract);
  if (differences.length === 0) return;
  throw new DatabaseError(`The table ${contract.table} is not what the contract ${contract.name} describes`, {
    got: differences.map(({ what }) => what).join("; "),
    expected: "the contract's columns, key and provenance",
    fix: `Run: ${differences.map((difference) => difference.sql).join(" ")}`,
  });
}
