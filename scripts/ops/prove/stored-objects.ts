import { Readable } from "node:stream";
import { GetObjectCommand, ListObjectVersionsCommand, type S3Client } from "@aws-sdk/client-s3";
import { readBody } from "../../../etl/adapters/s3/body";
import { listPages } from "../../../etl/adapters/s3/list";
import { S3RangedObjects } from "../../../etl/adapters/s3/ranged-objects";
import { S3RawStore } from "../../../etl/adapters/s3/raw-store";
import { MillraceError, SourceError } from "../../../etl/core/errors";
import type { ListedObject, RangedObjects } from "../../../etl/core/objects/objects";
import type { Bytes, Source } from "../../../etl/core/ports";
import type { StoredRun } from "../../run/prove/stored-run";

/** The raw bytes of a source of `covid`, by their hash, on whatever day they were downloaded. @throws MillraceError if they are not kept */
export async function openStoredSource(
  client: S3Client,
  bucket: string,
  { name, location, sha256 }: StoredRun["sources"][number],
): Promise<Source> {
  const prefix = `covid/${name}/`;
  for await (const page of listPages(client, bucket, prefix)) {
    const found = page.find(({ key }) => key.endsWith(`/${sha256}.csv`));
    if (found === undefined) continue;
    const store = new S3RawStore({ client, bucket, pipeline: "covid" });
    return { name, location, size: found.bytes, open: () => store.open(found.key) };
  }
  throw new MillraceError("The raw bytes that the run read are not kept any more, so nothing can be proven", {
    expected: `${sha256}.csv below s3://${bucket}/${prefix}`,
    where: { source: location, role: name },
    fix: "retention.rawDays says how long they are kept",
  });
}

/** The objects of a bucket, also in versions that newer ones have replaced. Keys are whole. */
export class StoredObjects implements RangedObjects {
  readonly name: string;
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #newest: S3RangedObjects;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
    this.#newest = new S3RangedObjects(client, bucket, "");
    this.name = this.#newest.name;
  }

  list(beginning?: string): AsyncIterable<readonly ListedObject[]> {
    return this.#newest.list(beginning);
  }

  locate(key: string): string {
    return this.#newest.locate(key);
  }

  async openRange(object: Pick<ListedObject, "key" | "etag">, start: number, end: number): Promise<Bytes> {
    try {
      return await this.#newest.openRange(object, start, end);
    } catch (error) {
      const version = error instanceof SourceError ? await this.#findVersion(object) : undefined;
      if (version === undefined) throw error;
      const place = { Bucket: this.#bucket, Key: object.key, VersionId: version, Range: `bytes=${start}-${end - 1}` };
      const { Body } = await this.#client.send(new GetObjectCommand(place));
      return readBody(Body instanceof Readable ? Body : Readable.from([]), end - start, this.locate(object.key));
    }
  }

  /** Among the newest thousand. */
  async #findVersion({ key, etag }: Pick<ListedObject, "key" | "etag">): Promise<string | undefined> {
    const { Versions = [] } = await this.#client.send(
      new ListObjectVersionsCommand({ Bucket: this.#bucket, Prefix: key }),
    );
    return Versions.find((version) => version.Key === key && version.ETag?.replaceAll('"', "") === etag)?.VersionId;
  }
}
