import * as z from "zod";
import type { Terraform } from "../terraform/terraform";

const resourceSchema = z.object({ mode: z.string(), type: z.string(), values: z.record(z.string(), z.unknown()) });
const stateSchema = z.object({
  values: z.object({ root_module: z.object({ resources: z.array(resourceSchema).default([]) }) }).optional(),
});

/** The names of the buckets that a stack made, from its state. */
export async function stackBuckets(terraform: Terraform): Promise<readonly string[]> {
  const { values } = stateSchema.parse(await terraform.show());
  return (values?.root_module.resources ?? [])
    .filter(({ mode, type }) => mode === "managed" && type === "aws_s3_bucket")
    .map((resource) => z.string().parse(resource.values.bucket));
}
