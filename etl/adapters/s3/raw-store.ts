import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import {
  GetObjectCommand,
  HeadObjectCommand,
  NoSuchKey,
  NotFound,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { SourceError } from "../../core/errors";
import { memoryKey, parseMemory, renderMemory } from "../../core/fetch/download-memory";
import type { Bytes, RawObject, RawStore, RememberedDownload } from "../../core/ports";
import { readBody } from "./body";
import { sendSpooled } from "./send";
import { withSpooled } from "./spool";

export interface S3RawStoreOptions {
  readonly client: S3Client;
  readonly bucket: string;
  /** Name of the pipeline: the first part of every key. */
  readonly pipeline: string;
}

/**
 * Keeps raw bodies in a bucket under `<pipeline>/<name>/<day>/<sha256>.csv`, and the memory of each URL under
 * `<pipeline>/_downloads/`. Bodies go through a temporary file (on Lambda in `/tmp`, 512 MB by default): so the key is
 * known first, existing bodies are not sent again, and an interrupted download leaves nothing behind.
 *
 * Needs s3:GetObject and s3:PutObject on `<pipeline>/*`, and s3:ListBucket: without it S3 answers 403 instead of 404
 * for a missing key (Amazon S3 API reference, HeadObject).
 */
export class S3RawStore implements RawStore {
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #pipeline: string;

  constructor({ client, bucket, pipeline }: S3RawStoreOptions) {
    this.#client = client;
    this.#bucket = bucket;
    this.#pipeline = pipeline;
  }

  put(name: string, day: string, body: Bytes): Promise<RawObject> {
    return withSpooled(body, async (file) => {
      const { sha256, bytes } = file;
      const key = `${this.#pipeline}/${name}/${day}/${sha256}.csv`;
      if (!(await this.#exists(key))) {
        await sendSpooled(this.#client, { Bucket: this.#bucket, Key: key, ContentType: "text/csv" }, file);
      }
      return { key, sha256, bytes };
    });
  }

  /** @throws SourceError if the bucket has no such key, and later if the body breaks off */
  async open(key: string): Promise<Bytes> {
    const source = `s3://${this.#bucket}/${key}`;
    const found = await this.#get(key);
    if (found !== undefined) return readBody(found.body, found.promised, source);
    throw new SourceError("The raw object does not exist", {
      where: { source },
      fix: "Name an object that the bucket still has, or start the pipeline from its first step",
    });
  }

  /** The memory, while its body is still kept. */
  async recall(url: string): Promise<RememberedDownload | undefined> {
    const key = memoryKey(this.#pipeline, url);
    const found = await this.#get(key);
    if (found === undefined) return undefined;
    const download = parseMemory(await text(readBody(found.body, found.promised, `s3://${this.#bucket}/${key}`)));
    return download !== undefined && (await this.#exists(download.key)) ? download : undefined;
  }

  async remember(url: string, download: RememberedDownload): Promise<void> {
    const object = { Bucket: this.#bucket, Key: memoryKey(this.#pipeline, url), ContentType: "application/json" };
    await this.#client.send(new PutObjectCommand({ ...object, Body: renderMemory(url, download) }));
  }

  async #exists(key: string): Promise<boolean> {
    try {
      await this.#client.send(new HeadObjectCommand({ Bucket: this.#bucket, Key: key }));
      return true;
    } catch (error) {
      if (error instanceof NotFound) return false;
      throw error;
    }
  }

  async #get(key: string): Promise<{ readonly body: Readable; readonly promised?: number } | undefined> {
    try {
      const { Body, ContentLength } = await this.#client.send(new GetObjectCommand({ Bucket: this.#bucket, Key: key }));
      return Body instanceof Readable ? { body: Body, promised: ContentLength } : undefined;
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  }
}
