import { openRdsDatabase } from "../../etl/adapters/rds-database";
import { summariseEnvironment } from "../../etl/pipelines/import/environment";
import { summariseEvent } from "../../etl/pipelines/import/events";
import { findContract } from "../../etl/pipelines/import/find-contract";
import { failRun } from "../../etl/pipelines/import/plan";
import { summariseImport } from "../../etl/pipelines/import/summarise";
import type { ImportTables } from "../../etl/pipelines/import/tables";
import { databaseServer } from "../database";
import { readEnvironment } from "../environment";
import { defineStep } from "../step";

const env = readEnvironment(summariseEnvironment);
const contract = findContract(env.CONTRACT);
const server = databaseServer(env);
const step = { pipeline: "import", name: "summarise", event: summariseEvent } as const;

export const handler = defineStep(step, async ({ runId, failure }, { logger }) => {
  const database = await openRdsDatabase<ImportTables>(server);
  try {
    if (failure !== undefined) {
      await failRun(database.db, runId, failure);
      logger.info("import failed", { runId, failure });
      return { runId };
    }
    const summary = await summariseImport(database.db, contract, runId);
    logger.info("import summarised", { ...summary });
    return summary;
  } finally {
    await database.close();
  }
});
