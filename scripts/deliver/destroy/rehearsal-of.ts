import { join, resolve } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { exportPrefix, readBackend } from "../../../config/backend";
import type { Config } from "../../../config/schema";
import { callerOf } from "../../ops/caller";
import { MILLRACE_FOLDER } from "../../run/places";
import { deployedDatabase } from "./deployed-export";
import type { Rehearsal } from "./rehearse";

/** The rehearsal of a deployed environment. Its export lies beside the states, or here if there is no bucket for them. */
export async function rehearsalOf(
  config: Config,
  given: Pick<Rehearsal, "resources" | "say" | "stop">,
): Promise<Rehearsal> {
  const { region, endpoint } = config.aws;
  const forcePathStyle = endpoint !== undefined;
  const time = new Date().toISOString().replaceAll(/[:.]/g, "-");
  const backend = readBackend(config);
  return {
    ...given,
    config,
    database: deployedDatabase(config, (await callerOf(config)) ?? "unknown"),
    dynamodb: new DynamoDBClient({ region, endpoint }),
    s3: new S3Client({ region, endpoint, forcePathStyle }),
    folder: resolve(join(MILLRACE_FOLDER, "exports", config.environment, time)),
    place: backend && {
      s3: new S3Client({ region: backend.region, endpoint, forcePathStyle }),
      bucket: backend.bucket,
      prefix: `${exportPrefix(config)}${time}/`,
    },
  };
}
