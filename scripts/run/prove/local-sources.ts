import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { openFileSource } from "../../../etl/adapters/files/file-source";
import { MillraceError } from "../../../etl/core/errors";
import { isUrl } from "../../../etl/core/fetch/mask-url";
import type { RangedObjects } from "../../../etl/core/objects/objects";
import type { Source } from "../../../etl/core/ports";
import { openObjects } from "../feed/open-objects";
import { RAW_FOLDER } from "../places";
import type { StoredRun } from "./stored-run";

/** The raw bytes of a source: a file where it lay, a download in the raw folder, by its hash. */
export async function openLocalSource({ name, location, sha256 }: StoredRun["sources"][number]): Promise<Source> {
  if (!isUrl(location)) return openFileSource(name, location);
  const folder = join(RAW_FOLDER, "covid", name);
  const kept = await readdir(folder, { recursive: true }).catch(() => []);
  const file = kept.find((path) => path.endsWith(`${sha256}.csv`));
  if (file !== undefined) return { ...(await openFileSource(name, join(folder, file))), location };
  throw new MillraceError("The download that the run read is not kept here, so nothing can be proven", {
    expected: `${sha256}.csv below ${folder}`,
    where: { source: location, role: name },
    fix: "Run it in the folder in which the run was, with what was downloaded then",
  });
}

/** What a run of a feed read: a folder, or a bucket. */
export function openLocalObjects(source: string): Promise<RangedObjects> {
  // Keys of a bucket's objects are whole.
  const [, bucket] = /^s3:\/\/([^/]+)/.exec(source) ?? [];
  return openObjects({ from: bucket === undefined ? source : `s3://${bucket}/` });
}
