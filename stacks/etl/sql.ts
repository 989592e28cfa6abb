import { Construct } from "constructs";
import type { Database } from "../../modules/database/database";
import { CodePackage } from "../../modules/function/code-package";
import { NodeFunction } from "../../modules/function/node-function";
import { Queue } from "../../modules/messaging/queue";
import { databaseEnvironment } from "./database";
import { createDatabaseNetwork } from "./database-network";
import type { Platform } from "./platform";

const PATH = "sql/run";

/**
 * `npm run ops -- sql`: a function that people call with a statement. It has no network endpoint; its callers can read
 * the database and do nothing else. Its three alarms and its queue's alarm cost 0.40 USD a month.
 */
export class SqlFunction extends Construct {
  constructor(scope: Construct, id: string, platform: Platform, database: Database) {
    super(scope, id);
    const { config } = platform;
    const name = platform.nameOf("sql");
    const deadLetters = new Queue(this, "dead-letters", {
      name: platform.nameOf("sql", "dead-letters"),
      key: platform.key,
    });
    deadLetters.alarmWhenNotEmpty(
      platform.topic,
      `${name} was called without waiting for its answer, and every try failed. No one needs that answer: purge the ` +
        "queue, and ask the caller to use npm run ops -- sql.",
    );
    const { memoryMb, timeoutSeconds, reservedConcurrency } = config.sql.function;
    const fn = new NodeFunction(this, "run", {
      name,
      description: "Runs one statement of a person as the role that reads, and logs it with its caller",
      code: new CodePackage(this, "run-code", {
        bucket: platform.artifacts,
        key: `${config.artifacts.keyPrefix}/${PATH}.zip`,
        folder: platform.artifact(`handlers/${PATH}`),
        zip: platform.artifact(`zips/${PATH}.zip`),
      }),
      layer: platform.layer,
      memoryMb,
      timeoutSeconds,
      reservedConcurrency: config.lambda.reserveConcurrency ? reservedConcurrency : null,
      environment: {
        ...databaseEnvironment(database),
        ...platform.functionEnvironment("sql"),
        // Its log has each caller and statement, whatever the log level of the others.
        ...(config.logs.level === "WARN" && { POWERTOOLS_LOG_LEVEL: "INFO" }),
      },
      key: platform.key,
      logRetentionDays: config.logs.retentionDays,
      deadLetters,
      topic: platform.topic,
      network: createDatabaseNetwork(this, "group", { name, platform, database, s3: false }),
    });
    database.grantReadSecret(fn);
  }
}
