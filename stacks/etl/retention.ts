import { Construct } from "constructs";
import type { Config } from "../../config/schema";
import type { Database } from "../../modules/database/database";
import { CodePackage } from "../../modules/function/code-package";
import { NodeFunction } from "../../modules/function/node-function";
import { Queue } from "../../modules/messaging/queue";
import { attempts, stepRetries } from "../../modules/workflow/retries";
import { Schedule } from "../../modules/workflow/schedule";
import { databaseEnvironment, retentionEnvironment } from "./database";
import { createDatabaseNetwork } from "./database-network";
import type { Platform } from "./platform";

const PATH = "retention/end";
/** The first of each month, before the day's runs. */
const MONTHLY = "cron(30 1 1 * ? *)";

/** Whether rows of the database are deleted by age. */
export function endsRows({ retention: { revisionDays, rejectedDays } }: Pick<Config, "retention">): boolean {
  return revisionDays !== undefined || rejectedDays !== undefined;
}

/**
 * Deletes old revisions and rejected rows once a month, whether or not their pipeline still runs. Objects and the
 * ledger of orders expire by AWS's own means. Its three alarms and its queue's alarm cost 0.40 USD a month.
 */
export class RetentionFunction extends Construct {
  constructor(scope: Construct, id: string, platform: Platform, database: Database) {
    super(scope, id);
    const { config, key, topic } = platform;
    const name = platform.nameOf("retention");
    const deadLetters = new Queue(this, "dead-letters", { name: platform.nameOf("retention", "dead-letters"), key });
    deadLetters.alarmWhenNotEmpty(
      topic,
      `${name} was to delete old rows of the database, and every try failed: its log (/aws/lambda/${name}) says why. Fix ` +
        `that, then run it: aws lambda invoke --function-name ${name} out.json, and purge the queue.`,
    );
    const fn = new NodeFunction(this, "end", {
      name,
      description: "Ends old revisions and rejected rows of the database",
      code: new CodePackage(this, "end-code", {
        bucket: platform.artifacts,
        key: `${config.artifacts.keyPrefix}/${PATH}.zip`,
        folder: platform.artifact(`handlers/${PATH}`),
        zip: platform.artifact(`zips/${PATH}.zip`),
      }),
      layer: platform.layer,
      memoryMb: 256,
      timeoutSeconds: 300,
      reservedConcurrency: null,
      environment: {
        ...databaseEnvironment(database),
        ...retentionEnvironment(config),
        ...platform.functionEnvironment("retention"),
      },
      key,
      logRetentionDays: config.logs.retentionDays,
      deadLetters,
      topic,
      toleratedErrors: attempts(stepRetries([])),
      network: createDatabaseNetwork(this, "group", { name, platform, database, s3: false }),
    });
    database.grantReadSecret(fn);
    new Schedule(this, "schedule", {
      name,
      target: { arn: fn.arn, name, grantStart: (grantee) => fn.grantInvoke(grantee) },
      expression: MONTHLY,
      timeZone: "UTC",
      enabled: true,
      deadLetters,
      key,
    });
  }
}
