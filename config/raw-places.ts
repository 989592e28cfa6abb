import type { Config } from "./schema";
import { deployedFeeds } from "./sections";

/** Where a deployed environment keeps raw objects of `covid` or a feed. */
export interface RawPlace {
  /** Folder below that of the raw files, as in `samples/`. */
  readonly folder: string;
  /** One of this environment's buckets, or another one. */
  readonly bucket:
    | { readonly kind: "raw" | "incoming" }
    | { readonly name: string; readonly keyArn: string | undefined };
  readonly prefix: string;
}

/** The places whose newest objects a data plan reads, for `covid` and every deployed feed. */
export function rawPlaces(config: Pick<Config, "pipelines" | "feeds">): readonly RawPlace[] {
  const downloads = ["cases", "recoveries"].map((name) => `covid/${name}`);
  return [
    ...(config.pipelines.covid.enabled ? downloads : []).map((folder) => {
      return { folder, bucket: { kind: "raw" as const }, prefix: `${folder}/` };
    }),
    ...deployedFeeds(config).map(([name, { source }]) => {
      const other = source.bucket === undefined ? undefined : { name: source.bucket, keyArn: source.keyArn };
      return { folder: `feeds/${name}`, bucket: other ?? { kind: "incoming" as const }, prefix: source.prefix };
    }),
  ];
}
