import { writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { GetObjectCommand, NoSuchBucket, NoSuchKey, type S3Client } from "@aws-sdk/client-s3";
import { bucketName } from "../../config/names";
import { makeFolder } from "../../etl/adapters/files/make-folder";
import { listPages } from "../../etl/adapters/s3/list";
import { MillraceError } from "../../etl/core/errors";
import { INDEX_KEY, PAGES_PREFIX } from "../../etl/report/bucket/publish-pages";
import { accountOf } from "./caller";
import type { Session } from "./session";

export interface FetchedPage {
  /** Its path on this machine. */
  readonly path: string;
  /** When it was made. */
  readonly made: Date | undefined;
}

/** The bucket of pages, and the folder that they are downloaded into, with the bucket's paths, so that links work. */
export class DeployedPages {
  readonly #s3: S3Client;
  readonly #bucket: string;
  readonly #folder: string;

  private constructor(s3: S3Client, bucket: string, folder: string) {
    this.#s3 = s3;
    this.#bucket = bucket;
    this.#folder = folder;
  }

  static async find({ aws: { s3 }, config }: Session, folder: string): Promise<DeployedPages> {
    return new DeployedPages(s3, bucketName(config, "pages", await accountOf(config)), folder);
  }

  /** @returns undefined if there is no such page. @throws MillraceError if there is no such bucket */
  async fetch(key: string): Promise<FetchedPage | undefined> {
    try {
      const { Body, LastModified } = await this.#s3.send(new GetObjectCommand({ Bucket: this.#bucket, Key: key }));
      const path = resolve(join(this.#folder, key.slice(PAGES_PREFIX.length)));
      await makeFolder(dirname(path));
      await writeFile(path, (await Body?.transformToByteArray()) ?? "");
      return { path, made: LastModified };
    } catch (cause) {
      if (cause instanceof NoSuchKey) return undefined;
      throw cause instanceof NoSuchBucket ? this.#explainMissing(cause) : cause;
    }
  }

  /** Every page that the index may link to. */
  async fetchOthers(): Promise<void> {
    for await (const page of listPages(this.#s3, this.#bucket, PAGES_PREFIX)) {
      for (const { key } of page) if (key.endsWith("/index.html") && key !== INDEX_KEY) await this.fetch(key);
    }
  }

  #explainMissing(cause: unknown): MillraceError {
    return new MillraceError("Pages are not deployed", {
      got: `no bucket ${this.#bucket}`,
      fix: "Deploy etl, or check ENVIRONMENT, the region and the credentials",
      cause,
    });
  }
}
