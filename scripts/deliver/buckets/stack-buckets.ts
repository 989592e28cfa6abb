import type { Terraform } from "../terraform/terraform";
import { readResources, textsOf } from "../workflow/data/stack-resources";

/** The names of the buckets that a stack made, from its state. */
export async function stackBuckets(terraform: Terraform): Promise<readonly string[]> {
  return textsOf(await readResources(terraform), "aws_s3_bucket", "bucket");
}
