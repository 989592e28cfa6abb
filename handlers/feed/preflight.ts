import { S3Client } from "@aws-sdk/client-s3";
import { openRdsDatabase } from "../../etl/adapters/postgres/rds-database";
import { readLogin } from "../../etl/adapters/postgres/secret-login";
import { S3RangedObjects } from "../../etl/adapters/s3/ranged-objects";
import { diagnoseFeed, requirePassed } from "../../etl/feeds/doctor/doctor";
import type { FeedTables } from "../../etl/feeds/ledger/tables";
import { preflightEnvironment } from "../../etl/feeds/run/environment";
import { preflightEvent } from "../../etl/feeds/run/events";
import { databaseServer } from "../database";
import { readEnvironment } from "../environment";
import { contractOf } from "../feed-contract";
import { clientConfig, defineStep } from "../step";

const env = readEnvironment(preflightEnvironment);
const contract = contractOf(env);
const objects = new S3RangedObjects(new S3Client(clientConfig), env.SOURCE_BUCKET, env.SOURCE_PREFIX);
const server = databaseServer(env);

export const handler = defineStep(
  { pipeline: env.FEED, name: "preflight", event: preflightEvent },
  async (_, tools) => {
    const checks = await diagnoseFeed({
      contract,
      objects,
      readSecret: () => readLogin(server.secrets, server.secret, { forceFetch: true }),
      openDatabase: () => openRdsDatabase<FeedTables>({ ...server, remainingMs: tools.remainingMs }),
      // `plan` checks whether it is valid, and refuses otherwise.
      full: true,
    });
    requirePassed(checks);
    return { checks };
  },
);
