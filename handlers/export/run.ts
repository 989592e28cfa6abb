import * as z from "zod";
import { openRdsDatabase } from "../../etl/adapters/postgres/rds-database";
import { databaseVariables } from "../../etl/core/database/database-environment";
import { answerExport } from "../../etl/core/export/answer-export";
import { type ExportAnswer, exportEvent } from "../../etl/core/export/export-call";
import { databaseServer } from "../database";
import { readEnvironment } from "../environment";
import { defineStep } from "../step";

const server = databaseServer(readEnvironment(z.object(databaseVariables)));

/** Called before a destruction, by the role that may destroy. The log has each caller, and none of the data read. */
export const handler = defineStep(
  { pipeline: "export", name: "run", event: exportEvent, told: describe },
  async (event, { remainingMs }): Promise<ExportAnswer> => {
    const { db, close } = await openRdsDatabase<unknown>({ ...server, remainingMs });
    return answerExport(db, event).finally(close);
  },
);

function describe(answer: ExportAnswer) {
  return "csv" in answer ? { rows: answer.rows, next: answer.next } : { tables: answer.tables.length };
}
