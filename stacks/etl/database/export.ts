import type { Construct } from "constructs";
import type { Database } from "../../../modules/database/database";
import type { Platform } from "../platform";
import { DatabaseFunction } from "./database-function";

/**
 * `npm run destroy -- --rehearse`: a function that gives every table away, in pages. Only the role that destroys may
 * call it. It reads, reaches no S3, and keeps nothing.
 */
export function createExport(scope: Construct, platform: Platform, database: Database): void {
  new DatabaseFunction(scope, "export", {
    platform,
    database,
    step: "run",
    description: "Reads all tables in pages, for the rehearsal of a destruction",
    // Compressing a page takes a processor.
    memoryMb: 1769,
    // The hashes of all tables are one call.
    timeoutSeconds: 900,
    environment: {},
    whenDead:
      `${platform.nameOf("export")} was called without waiting for its answer, and every try failed. No one needs that ` +
      "answer: purge the queue, and use npm run destroy -- --rehearse.",
  });
}
