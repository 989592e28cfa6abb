import * as z from "zod";
import { openRdsDatabase, rdsAddress } from "../../etl/adapters/postgres/rds-database";
import { readPostgres } from "../../etl/adapters/postgres/reader";
import { databaseVariables } from "../../etl/core/database/database-environment";
import { NoReaderError } from "../../etl/core/database/reader";
import { StatementError } from "../../etl/core/database/statement";
import { type StatementAnswer, statementEvent } from "../../etl/core/database/statement-call";
import { databaseServer } from "../database";
import { readEnvironment } from "../environment";
import { defineStep } from "../step";

const server = databaseServer(readEnvironment(z.object(databaseVariables)));

/** The log has each statement with its caller and outcome, but none of the data read. */
export const handler = defineStep(
  { pipeline: "sql", name: "run", event: statementEvent, told: describe },
  async ({ statement }, { remainingMs }): Promise<StatementAnswer> => {
    const owner = await openRdsDatabase<unknown>({ ...server, remainingMs });
    try {
      const { columns, rows, cut } = await readPostgres(owner, rdsAddress(server), statement, {
        ca: server.authorities,
      });
      return { columns: [...columns], rows: rows.map((row) => [...row]), cut };
    } catch (error) {
      if (error instanceof StatementError) return { failure: error.failure };
      if (error instanceof NoReaderError) return { refused: error.message };
      throw error;
    } finally {
      await owner.close();
    }
  },
);

function describe(answer: StatementAnswer) {
  return "rows" in answer ? { rows: answer.rows.length, cut: answer.cut } : answer;
}
