import type { Terraform } from "../terraform/terraform";
import { readResources, textsOf } from "../workflow/data/stack-resources";

/** The names of a stack's buckets, from its state. */
export async function stackBuckets(terraform: Terraform): Promise<readonly string[]> {
  return textsOf(await readResources(terraform), "aws_s3_bucket", "bucket");
}
