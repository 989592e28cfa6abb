import { ownCode } from "../etl/adapters/files/own-code";
import { openRdsDatabase } from "../etl/adapters/postgres/rds-database";
import { LiveDatabase } from "../etl/core/database/live-database";
import type { CoreTables } from "../etl/core/database/tables";
import { type Pipeline, runPipeline } from "../etl/core/runs/run-pipeline";
import type { RunReport } from "../etl/core/runs/run-report";
import { addCounts } from "./count-metrics";
import type { DatabaseServer } from "./database";
import { logNotifier } from "./log-ports";
import type { Tools } from "./step";

/** Runs a pipeline in the stack's database, and emits its metrics. */
export async function runOnAws<Tables extends CoreTables>(
  pipeline: Pipeline<Tables>,
  { revisionDays, rejectedDays, checks, ...server }: DatabaseServer,
  { logger, metrics, remainingMs }: Tools,
): Promise<RunReport> {
  const database = new LiveDatabase(await openRdsDatabase<Tables>({ ...server, remainingMs }), { remainingMs });
  const onWait = () => logger.info("another run holds the lock, waiting");
  const onWarning = (text: string) => logger.warn(text);
  const report = await runPipeline(pipeline, {
    database,
    notifier: logNotifier(logger),
    onWait,
    onWarning,
    onNote: (text) => logger.info(text),
    checks,
    code: ownCode(),
    retention: { revisionDays, rejectedDays, remainingMs },
  }).finally(database.close);
  addCounts(metrics, "records", report);
  return report;
}
