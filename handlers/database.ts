import { SecretsProvider } from "@aws-lambda-powertools/parameters/secrets";
import { readAuthorities } from "../etl/adapters/postgres/rds-authorities";
import { openRdsDatabase, type RdsDatabaseOptions } from "../etl/adapters/postgres/rds-database";
import type { DatabaseSettings } from "../etl/core/database/database-environment";
import { LiveDatabase } from "../etl/core/database/live-database";
import { DEFAULT_CHECKS, type FeedChecks } from "../etl/core/watch/feed-checks";
import type { FeedTables } from "../etl/feeds/ledger/tables";
import { clientConfig, type Tools } from "./step";

/**
 * The database that a step's environment names, how long it keeps revisions and rejected rows, and the checks of a
 * feed.
 */
export interface DatabaseServer extends RdsDatabaseOptions {
  readonly revisionDays?: number;
  readonly rejectedDays?: number;
  readonly checks: FeedChecks;
}

export function databaseServer(env: DatabaseSettings): DatabaseServer {
  return {
    host: env.DATABASE_HOST,
    port: env.DATABASE_PORT,
    name: env.DATABASE_NAME,
    revisionDays: env.REVISION_DAYS,
    rejectedDays: env.REJECTED_DAYS,
    checks: {
      staleDays: env.STALE_DAYS === undefined ? DEFAULT_CHECKS.staleDays : env.STALE_DAYS,
      sizeFactor: env.SIZE_FACTOR === undefined ? DEFAULT_CHECKS.sizeFactor : env.SIZE_FACTOR,
      onUnusualSize: env.ON_UNUSUAL_SIZE ?? DEFAULT_CHECKS.onUnusualSize,
    },
    secret: env.DATABASE_SECRET_ARN,
    secrets: new SecretsProvider({ clientConfig }),
    authorities: readAuthorities(env.NODE_EXTRA_CA_CERTS),
  };
}

/**
 * Does a step's work in the stack's database: with a new connection if one is lost, and ending before the function's
 * time-out.
 */
export async function onDatabase<Tables, Result>(
  server: RdsDatabaseOptions,
  { remainingMs }: Pick<Tools, "remainingMs">,
  work: (live: LiveDatabase<Tables>) => Promise<Result>,
): Promise<Result> {
  const database = await openRdsDatabase<Tables>({ ...server, remainingMs });
  const live = new LiveDatabase(database, { remainingMs });
  return work(live).finally(() => live.close());
}

/** {@link onDatabase} for steps of feeds. */
export async function onFeedDatabase<Result>(
  server: RdsDatabaseOptions,
  tools: Pick<Tools, "remainingMs">,
  work: (live: LiveDatabase<FeedTables>) => Promise<Result>,
): Promise<Result> {
  return onDatabase(server, tools, work);
}
