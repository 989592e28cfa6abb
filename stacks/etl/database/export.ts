import { Construct } from "constructs";
import type { Database } from "../../../modules/database/database";
import { CodePackage } from "../../../modules/function/code-package";
import { NodeFunction } from "../../../modules/function/node-function";
import { Queue } from "../../../modules/messaging/queue";
import { databaseEnvironment } from "../database";
import { createDatabaseNetwork } from "../database-network";
import type { Platform } from "../platform";

const PATH = "export/run";

/**
 * `npm run destroy -- --rehearse`: a function that gives every table away, in pages. Only the role that destroys may
 * call it. It reads, reaches no S3, and keeps nothing. Its three alarms and its queue's alarm cost 0.40 USD a month.
 */
export class ExportFunction extends Construct {
  constructor(scope: Construct, id: string, platform: Platform, database: Database) {
    super(scope, id);
    const { config, key, topic } = platform;
    const name = platform.nameOf("export");
    const deadLetters = new Queue(this, "dead-letters", { name: platform.nameOf("export", "dead-letters"), key });
    deadLetters.alarmWhenNotEmpty(
      topic,
      `${name} was called without waiting for its answer, and every try failed. No one needs that answer: purge the ` +
        "queue, and use npm run destroy -- --rehearse.",
    );
    const fn = new NodeFunction(this, "run", {
      name,
      description: "Reads all tables in pages, for the rehearsal of a destruction",
      code: new CodePackage(this, "run-code", {
        bucket: platform.artifacts,
        key: `${config.artifacts.keyPrefix}/${PATH}.zip`,
        folder: platform.artifact(`handlers/${PATH}`),
        zip: platform.artifact(`zips/${PATH}.zip`),
      }),
      layer: platform.layer,
      // Compressing a page takes a processor.
      memoryMb: 1769,
      // The hashes of all tables are one call.
      timeoutSeconds: 900,
      reservedConcurrency: null,
      environment: { ...databaseEnvironment(database), ...platform.functionEnvironment("export") },
      key,
      logRetentionDays: config.logs.retentionDays,
      deadLetters,
      topic,
      network: createDatabaseNetwork(this, "group", { name, platform, database, s3: false }),
    });
    database.grantReadSecret(fn);
  }
}
