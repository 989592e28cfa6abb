import type { PGlite } from "@electric-sql/pglite";
import { type Kysely, sql } from "kysely";
import { schemaInForce } from "../../core/database/migrate";
import { prepareReader, READER } from "../../core/database/reader";
import {
  failureOf,
  LIMITS,
  LimitedRows,
  type Limits,
  StatementError,
  type StatementResult,
} from "../../core/database/statement";
import { inTransaction } from "../../core/database/transaction";

/** An embedded database that can run a statement. */
export interface EmbeddedDatabase {
  readonly db: Kysely<unknown>;
  readonly pglite: PGlite;
}

/**
 * Runs a user's statement in the embedded database, which has no logins: as the role, in a read-only transaction that
 * is rolled back. Its time is not limited: the database is part of this process, and ends with it.
 *
 * @throws StatementError if the database refuses the statement
 */
export async function readPglite(
  { db, pglite }: EmbeddedDatabase,
  statement: string,
  limits: Limits = LIMITS,
): Promise<StatementResult> {
  const schema = await schemaInForce(db);
  await inTransaction(db, "anything was changed", (trx) => prepareReader(trx, schema));
  const kept = new LimitedRows(limits);
  const asText = Object.fromEntries(Object.keys(pglite.parsers).map((oid) => [oid, (text: string) => text]));
  const role = sql.id(READER).compile(db).sql;
  return pglite.transaction(async (trx) => {
    await trx.exec(`set transaction read only; set local role ${role}; select 1`);
    try {
      const { rows, fields } = await trx.query<(string | null)[]>(statement, [], { rowMode: "array", parsers: asText });
      for (const row of rows) if (!kept.add(row)) break;
      return kept.result(fields.map(({ name }) => name));
    } catch (error) {
      throw new StatementError(statement, failureOf(error), error);
    } finally {
      await trx.rollback();
    }
  });
}
