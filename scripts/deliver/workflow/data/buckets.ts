import {
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  NoSuchBucket,
  type S3Client,
} from "@aws-sdk/client-s3";
import { inlineCode } from "../../plan-review/render/escape-markdown";
import { type StackResource, textsOf } from "./stack-resources";

/** Listing a million versions takes minutes; only that there are many matters here. */
const MOST = 100_000;

/** A table of buckets with the object versions in each. */
export async function describeBuckets(s3: S3Client, resources: readonly StackResource[]): Promise<readonly string[]> {
  const rows: string[] = [];
  for (const bucket of textsOf(resources, "aws_s3_bucket", "bucket")) {
    rows.push(`| ${inlineCode(bucket)} | ${await measure(s3, bucket)} |`);
  }
  return rows.length === 0 ? [] : ["", "| bucket | object versions | MB |", "|---|---|---|", ...rows];
}

async function measure(s3: S3Client, bucket: string): Promise<string> {
  let [versions, bytes] = [0, 0];
  try {
    let next: { KeyMarker?: string; VersionIdMarker?: string } | undefined = {};
    while (next !== undefined) {
      const page: ListObjectVersionsCommandOutput = await s3.send(
        new ListObjectVersionsCommand({ Bucket: bucket, ...next }),
      );
      versions += (page.Versions?.length ?? 0) + (page.DeleteMarkers?.length ?? 0);
      bytes += (page.Versions ?? []).reduce((sum, { Size = 0 }) => sum + Size, 0);
      if (versions >= MOST) return `more than ${versions.toLocaleString("en")} | more than ${megabytes(bytes)}`;
      const { IsTruncated, NextKeyMarker: KeyMarker, NextVersionIdMarker: VersionIdMarker } = page;
      next = IsTruncated ? { KeyMarker, VersionIdMarker } : undefined;
    }
  } catch (error) {
    if (error instanceof NoSuchBucket) return "not there | ";
    throw error;
  }
  return `${versions.toLocaleString("en")} | ${megabytes(bytes)}`;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
