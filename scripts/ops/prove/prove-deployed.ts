import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { bucketName } from "../../../config/names";
import { MillraceError, UsageError } from "../../../etl/core/errors";
import type { Proof } from "../../run/prove/proof";
import { proveCovid } from "../../run/prove/prove-covid";
import { proveFeed } from "../../run/prove/prove-feed";
import { readStoredRun, type StoredRun } from "../../run/prove/stored-run";
import { historySubject } from "../../run/undo/subject";
import type { PipelineNames } from "../pipeline-names";
import { ledgerIdOf } from "../runs/ledger-id";
import type { Session } from "../session";
import { askDeployed } from "../sql-source";
import { openStoredSource, StoredObjects } from "./stored-objects";

/**
 * Runs a deployed run again on this machine, by this checkout's code, from its raw bytes in S3. The ledger and the rows are read as `ops sql` does.
 *
 * @param beginning how the ledger's id of the run begins, or the name of its execution
 */
export async function proveDeployed(session: Session, pipeline: PipelineNames, beginning: string): Promise<Proof> {
  const { config, aws } = session;
  const { feed } = historySubject(pipeline.name);
  const run = await findStoredRun(session, pipeline, beginning);
  session.tell(`Running ${run.id} of ${pipeline.name} again on this machine`);
  if (feed !== undefined) {
    const open = async (source: string) => new StoredObjects(aws.s3, bucketOf(source));
    return byBuiltCode(await proveFeed(run, feed, { read: askDeployed, open }), ["feed/load", "feed/run"]);
  }
  const bucket = bucketName(config, "raw", await session.accountOf(pipeline));
  const { join: kind, missingRecoveries } = config.pipelines.covid;
  const open = (source: Parameters<typeof openStoredSource>[2]) => openStoredSource(aws.s3, bucket, source);
  const proof = await proveCovid(run, { read: askDeployed, join: kind, missingRecoveries, open });
  return byBuiltCode(proof, ["covid/load"]);
}

/**
 * A deployed run's code is the bundle of its function, so it is compared with the one that this checkout has built, not with this command.
 * Where none is built, nothing is said of the code.
 */
export function byBuiltCode(proof: Proof, functions: readonly string[]): Proof {
  const files = functions.map((name) => join("dist/handlers", name, "index.js")).filter((file) => existsSync(file));
  const built = files.map((file) => createHash("sha256").update(readFileSync(file)).digest("hex"));
  const now = built.find((hash) => hash === proof.code.was) ?? built[0] ?? null;
  return { ...proof, code: { ...proof.code, now } };
}

async function findStoredRun(session: Session, pipeline: PipelineNames, beginning: string): Promise<StoredRun> {
  try {
    return await readStoredRun(askDeployed, pipeline.name, beginning);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const id = await ledgerIdOf(session, pipeline, beginning).catch((other: unknown) => {
      if (other instanceof UsageError) throw error;
      throw other;
    });
    if (id === undefined) throw error;
    return readStoredRun(askDeployed, pipeline.name, id);
  }
}

function bucketOf(source: string): string {
  const [, bucket] = /^s3:\/\/([^/]+)\//.exec(source) ?? [];
  if (bucket !== undefined) return bucket;
  throw new MillraceError("The run did not read a bucket, so nothing can be proven from here", { got: source });
}
