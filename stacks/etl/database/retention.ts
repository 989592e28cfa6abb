import type { Construct } from "constructs";
import type { Config } from "../../../config/schema";
import type { Database } from "../../../modules/database/database";
import { attempts, stepRetries } from "../../../modules/workflow/retries";
import { retentionEnvironment } from "../database";
import type { Platform } from "../platform";
import { DatabaseFunction } from "./database-function";

/** The first of each month, before the day's runs. */
const MONTHLY = "cron(30 1 1 * ? *)";

/** Whether rows of the database are deleted by age. */
export function endsRows({ retention: { revisionDays, rejectedDays } }: Pick<Config, "retention">): boolean {
  return revisionDays !== undefined || rejectedDays !== undefined;
}

/**
 * Deletes old revisions and rejected rows once a month, whether or not their pipeline still runs. Objects and the
 * ledger of orders expire by AWS's own means.
 */
export function createRetention(scope: Construct, platform: Platform, database: Database): void {
  const name = platform.nameOf("retention");
  const retention = new DatabaseFunction(scope, "retention", {
    platform,
    database,
    step: "end",
    description: "Ends old revisions and rejected rows of the database",
    memoryMb: 256,
    timeoutSeconds: 300,
    environment: retentionEnvironment(platform.config),
    toleratedErrors: attempts(stepRetries([])),
    whenDead:
      `${name} was to delete old rows of the database, and every try failed: its log (/aws/lambda/${name}) says why. Fix ` +
      `that, then run it: aws lambda invoke --function-name ${name} out.json, and purge the queue.`,
  });
  retention.runOn(MONTHLY);
}
