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
 * `npm run ops -- sql`: a function that people call with a statement. It listens nowhere; whoever may call it reads the
 * database and does nothing else. Costs its three alarms and that of its queue, 0.40 USD a month.
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
      `${name} was called without waiting for its answer, and every try failed. Nobody needs that answer: purge the ` +
        "queue, and tell who does so to use npm run ops -- sql.",
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
        // Who asked what is in its log, however little the others write.
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
