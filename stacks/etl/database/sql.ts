import type { Construct } from "constructs";
import type { Database } from "../../../modules/database/database";
import type { Platform } from "../platform";
import { DatabaseFunction } from "./database-function";

/**
 * `npm run ops -- sql`: a function that people call with a statement. It has no network endpoint; its callers can read
 * the database and do nothing else.
 */
export function createSql(scope: Construct, platform: Platform, database: Database): void {
  const { sql, logs } = platform.config;
  new DatabaseFunction(scope, "sql", {
    ...sql.function,
    platform,
    database,
    step: "run",
    description: "Runs one statement of a person as the role that reads, and logs it with its caller",
    // Its log has each caller and statement, whatever the log level of the others.
    environment: logs.level === "WARN" ? { POWERTOOLS_LOG_LEVEL: "INFO" } : {},
    whenDead:
      `${platform.nameOf("sql")} was called without waiting for its answer, and every try failed. No one needs that ` +
      "answer: purge the queue, and ask the caller to use npm run ops -- sql.",
  });
}
