import * as z from "zod";
import type { Terraform } from "../../terraform/terraform";

const stateSchema = z.object({
  values: z
    .object({
      root_module: z
        .object({
          resources: z
            .array(z.object({ mode: z.string(), type: z.string(), values: z.record(z.string(), z.unknown()) }))
            .default([]),
        })
        .prefault({}),
    })
    .prefault({}),
});

/** A stack's resources, from its state. */
export interface StackResource {
  readonly type: string;
  readonly values: Readonly<Record<string, unknown>>;
}

export async function readResources(terraform: Terraform): Promise<readonly StackResource[]> {
  const { values } = stateSchema.parse(await terraform.show());
  return values.root_module.resources.filter(({ mode }) => mode === "managed");
}

/** An attribute of every resource of a type. */
export function textsOf(resources: readonly StackResource[], type: string, attribute: string): readonly string[] {
  return resources
    .filter((resource) => resource.type === type)
    .map(({ values }) => z.string().parse(values[attribute]));
}
