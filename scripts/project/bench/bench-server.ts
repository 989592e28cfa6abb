import { chmodSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { openPostgres } from "../../../etl/adapters/postgres/postgres";
import type { Database } from "../../../etl/core/database/database";
import { migrate } from "../../../etl/core/database/migrate";
import type { CoreTables } from "../../../etl/core/database/tables";
import { MillraceError } from "../../../etl/core/errors";
import { findCloudProgram } from "../../cloud/environment/programs";
import { pythonEnvironment } from "../../cloud/environment/python-environment";
import { PostgresServer } from "../../cloud/postgres-server";

/** The resources of a comparison. */
export interface Bench {
  readonly url: string;
  /** A separate connection, for work that is not measured. */
  readonly database: Database<CoreTables>;
  readonly psql: string;
  readonly python: string;
  /** Folder for input files, readable by all. */
  readonly folder: string;
  readonly say: (text: string) => void;
}

/** A checkpoint in the middle of one load would be charged only to it. All other settings are PostgreSQL's defaults. */
const SETTINGS = ["max_wal_size = '8GB'", "checkpoint_timeout = '1h'"];

/** Gives `work` a throw-away PostgreSQL and the Python peers, and removes them afterwards. */
export async function withBench(say: (text: string) => void, work: (bench: Bench) => Promise<void>): Promise<void> {
  const initdb = found("initdb");
  const python = await pythonEnvironment(
    found("python"),
    join(__dirname, "contenders/requirements.txt"),
    ".millrace",
    say,
  );
  const folder = mkdtempSync(join(tmpdir(), "millrace-bench-"));
  chmodSync(folder, 0o755);
  const server = await PostgresServer.create({ initdb, settings: SETTINGS });
  try {
    const database = await openPostgres<CoreTables>(server.url());
    await migrate(database.db, "bench", {});
    await work({ url: server.url(), database, psql: join(dirname(realpathSync(initdb)), "psql"), python, folder, say });
    await database.close();
  } finally {
    await server.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

function found(name: "initdb" | "python"): string {
  const { path, missing } = findCloudProgram(name);
  if (path !== undefined) return path;
  throw new MillraceError(`${missing.name} is missing`, { fix: missing.remedy });
}
