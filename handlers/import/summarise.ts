import { endOldFindings } from "../../etl/core/database/retention";
import { warningLines } from "../../etl/core/runs/run-report";
import { findContract } from "../../etl/feeds/feeds";
import { summariseImport } from "../../etl/feeds/ledger/summarise";
import { failRun } from "../../etl/feeds/plan/plan";
import { summariseEnvironment } from "../../etl/feeds/run/environment";
import { summariseEvent } from "../../etl/feeds/run/events";
import { databaseServer } from "../database";
import { readEnvironment } from "../environment";
import { onImportDatabase } from "../import-database";
import { defineStep } from "../step";

const env = readEnvironment(summariseEnvironment);
const contract = findContract(env.CONTRACT);
const server = databaseServer(env);
const step = { pipeline: "import", name: "summarise", event: summariseEvent } as const;

export const handler = defineStep(step, async ({ runId, failure }, tools) => {
  const { logger } = tools;
  if (failure !== undefined) {
    await onImportDatabase(server, tools, (live) => failRun(live, runId, failure));
    logger.info("import failed", { runId, failure });
    return { runId };
  }
  const { revisionDays, rejectedDays, checks } = server;
  const today = new Date().toISOString().slice(0, 10);
  const summary = await onImportDatabase(server, tools, async (live) => {
    const summed = await summariseImport(live, contract, runId, { checks, today });
    await endOldFindings(
      live.db,
      contract.name,
      { revisionDays, rejectedDays, remainingMs: tools.remainingMs },
      { onNote: (text) => logger.info(text), onWarning: (text) => logger.warn(text) },
    );
    return summed;
  });
  logger.info("import summarised", { ...summary });
  return { ...summary, warningLines: warningLines(summary) };
});
