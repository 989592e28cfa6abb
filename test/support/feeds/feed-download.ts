import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { RawStoreDirectory } from "../../../etl/adapters/files/raw-store-directory";
import { HttpClient } from "../../../etl/adapters/http/client";
import type { HttpOptions } from "../../../etl/adapters/http/options";
import { type FetchedSource, fetchSource } from "../../../etl/core/fetch/fetch";
import type { FetchPatience } from "../../../etl/core/fetch/retry";
import { type FeedServer, startFeedServer } from "./feed-server";

export const FEED = "date,cases,deaths\n2020-01-21,1,0\n2020-01-22,1,0\n";

/** What a test may set of a download; the rest is quick and patient enough for a test. */
export interface DownloadSettings {
  readonly day?: string;
  readonly http?: Partial<HttpOptions>;
  readonly patience?: Partial<FetchPatience>;
}

/** A feed server, an empty raw store, and what it takes to download from the one into the other. */
export class FeedDownload {
  readonly server: FeedServer;
  readonly folder: string;
  readonly store: RawStoreDirectory;
  /** What progress was told: bytes so far, and of how many. */
  readonly received: (readonly [number, number | undefined])[] = [];

  private constructor(server: FeedServer, folder: string) {
    this.server = server;
    this.folder = folder;
    this.store = new RawStoreDirectory(folder, "covid");
  }

  static async prepare(): Promise<FeedDownload> {
    return new FeedDownload(await startFeedServer(), await mkdtemp(join(tmpdir(), "feed-")));
  }

  /** @param address a path of the server, or a URL */
  fetch(address: string, { day = "2026-11-21", http, patience }: DownloadSettings = {}): Promise<FetchedSource> {
    return fetchSource({
      name: "cases",
      url: address.startsWith("/") ? this.server.url(address) : address,
      day,
      store: this.store,
      http: new HttpClient({ idleTimeoutMs: 5_000, ...http }),
      patience: { attempts: 3, initialDelayMs: 5, maxDelayMs: 20, ...patience },
      progress: {
        advance: (_stage, _subject, done, total) => this.received.push([done, total]),
        finish: () => undefined,
      },
    });
  }

  /** The download's text, read back from the store. */
  async read(address: string, settings?: DownloadSettings): Promise<string> {
    const source = await this.fetch(address, settings);
    return text(await source.open());
  }

  /** All files below the store's folder, partial ones included. */
  async files(): Promise<string[]> {
    const entries = await readdir(this.folder, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
  }

  async dispose(): Promise<void> {
    await this.server.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}
