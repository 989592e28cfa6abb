import { createWriteStream } from "node:fs";
import { mkdir, readdir, utimes } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { bucketName } from "../../../config/names";
import { type RawPlace, rawPlaces } from "../../../config/raw-places";
import type { Config } from "../../../config/schema";
import { readBody } from "../../../etl/adapters/s3/body";
import { listPages } from "../../../etl/adapters/s3/list";
import { amountOf, counted } from "../../../etl/core/counted";
import { MillraceError, UsageError } from "../../../etl/core/errors";
import type { ListedObject } from "../../../etl/core/objects/objects";
import { isVerdict } from "../../../etl/feeds/verdicts/verdict";

/** Raw files of the deployed environment, in place of a folder's. */
export const DEPLOYED = "deployed";

export interface RawSource {
  readonly config: Config;
  readonly s3: S3Client;
  /** The account's 12 digits, only asked for {@link DEPLOYED}. */
  readonly account: () => Promise<string>;
  readonly say: (text: string) => void;
}

/** `s3://bucket/prefix` in its parts; undefined for anything else. @throws UsageError if it has no bucket */
export function parseS3(from: string): { readonly bucket: string; readonly prefix: string } | undefined {
  if (!from.startsWith("s3://")) return undefined;
  const [, bucket = "", path = ""] = /^s3:\/\/([^/]*)\/*(.*?)\/*$/.exec(from) ?? [];
  if (bucket === "") throw new UsageError("This names no bucket", { got: from, expected: "s3://BUCKET/PREFIX" });
  return { bucket, prefix: path === "" ? "" : `${path}/` };
}

/** Downloads everything below a prefix, with its folders. @throws UsageError if nothing is there */
export async function downloadFolder(
  { bucket, prefix }: { readonly bucket: string; readonly prefix: string },
  folder: string,
  { s3, say }: Pick<RawSource, "s3" | "say">,
): Promise<void> {
  const found: ListedObject[] = [];
  for await (const page of listPages(s3, bucket, prefix)) found.push(...page.filter(isData));
  if (found.length === 0) throw new UsageError("There are no raw files", { got: `s3://${bucket}/${prefix}` });
  for (const object of found) await download(s3, bucket, object, folder, object.key.slice(prefix.length));
  say(`s3://${bucket}/${prefix}: ${describe(found)}`);
}

/**
 * Downloads the newest raw objects of a deployed environment into a folder laid out like `samples/`. What has none, and `orders`, whose
 * files belong together, is left out.
 *
 * @throws UsageError if `dataPlan.rawObjects` is 0
 */
export async function downloadDeployed(folder: string, { config, s3, account, say }: RawSource): Promise<void> {
  const { rawObjects } = config.dataPlan;
  if (rawObjects === 0) {
    throw new UsageError(`No raw objects of ${config.environment} are compared`, {
      got: "dataPlan.rawObjects 0",
      fix: `Set it in config/${config.environment}.ts, or name a folder, or s3://BUCKET/PREFIX`,
    });
  }
  const id = await account();
  const places = await Promise.all(
    rawPlaces(config).map(async (place) => {
      const bucket = "name" in place.bucket ? place.bucket.name : bucketName(config, place.bucket.kind, id);
      // Of a source of covid one file is read.
      return { place, bucket, objects: await newestOf(s3, bucket, place, isDownload(place) ? 1 : rawObjects) };
    }),
  );
  // covid needs both of its sources: with one of them alone, the samples of both are read.
  const hasDownloads = places.every(({ place, objects }) => !isDownload(place) || objects.length > 0);
  for (const { place, bucket, objects } of places) {
    say(`${place.folder}: ${objects.length === 0 ? "no raw object" : describe(objects)}`);
    if (isDownload(place) && !hasDownloads) continue;
    for (const object of objects) {
      const name = isDownload(place)
        ? `${place.folder.replace("covid/", "")}.csv`
        : object.key.slice(place.prefix.length);
      await download(s3, bucket, object, join(folder, isDownload(place) ? "covid" : place.folder), name);
    }
  }
}

/** The names below a folder of raw files that have any, as `covid` or `feeds/sales`. */
export async function partsOf(folder: string): Promise<readonly string[]> {
  const names = (at: string) => readdir(join(folder, at)).catch(() => []);
  return [
    ...(await names(".")).filter((name) => name !== "feeds"),
    ...(await names("feeds")).map((name) => `feeds/${name}`),
  ];
}

function isDownload({ folder }: RawPlace): boolean {
  return folder.startsWith("covid/");
}

async function newestOf(s3: S3Client, bucket: string, { prefix }: RawPlace, most: number) {
  let newest: readonly ListedObject[] = [];
  for await (const page of listPages(s3, bucket, prefix)) {
    newest = [...newest, ...page.filter(isData)]
      .sort((one, other) => other.lastModified.getTime() - one.lastModified.getTime())
      .slice(0, most);
  }
  return newest;
}

function isData({ key, bytes }: ListedObject): boolean {
  return bytes > 0 && !key.endsWith("/") && !isVerdict(key);
}

/** With its last change, which says what is newer. */
async function download(
  s3: S3Client,
  bucket: string,
  { key, bytes, lastModified }: ListedObject,
  folder: string,
  name: string,
): Promise<void> {
  const path = resolve(folder, name);
  const source = `s3://${bucket}/${key}`;
  if (relative(folder, path).startsWith("..")) throw new UsageError("A key leads out of the folder", { got: source });
  await mkdir(dirname(path), { recursive: true });
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  if (!(Body instanceof Readable)) throw new MillraceError("S3 sent no body", { where: { source } });
  await pipeline(readBody(Body, bytes, source), createWriteStream(path));
  await utimes(path, lastModified, lastModified);
}

function describe(objects: readonly ListedObject[]): string {
  const bytes = objects.reduce((sum, object) => sum + object.bytes, 0);
  return `${counted(objects.length, "raw object")}, ${amountOf(bytes, "byte")}`;
}
