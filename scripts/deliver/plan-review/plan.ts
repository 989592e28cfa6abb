import * as z from "zod";
import { MillraceError } from "../../../etl/core/errors";

const changeSchema = z.object({
  actions: z.array(z.string()).min(1),
  before: z.unknown().optional(),
  after: z.unknown().optional(),
  after_unknown: z.unknown().optional(),
  before_sensitive: z.unknown().optional(),
  after_sensitive: z.unknown().optional(),
  replace_paths: z.array(z.array(z.union([z.string(), z.number()]))).default([]),
});

const resourceSchema = z.object({
  address: z.string(),
  previous_address: z.string().optional(),
  module_address: z.string().optional(),
  mode: z.enum(["managed", "data"]),
  type: z.string(),
  name: z.string(),
  index: z.union([z.string(), z.number()]).optional(),
  deposed: z.string().optional(),
  action_reason: z.string().optional(),
  change: changeSchema,
});

const planSchema = z.object({
  format_version: z.string().regex(/^1\.\d+$/, "1.x, the plan format of Terraform 0.15 and later"),
  errored: z.boolean().default(false),
  resource_changes: z.array(resourceSchema).default([]),
  resource_drift: z.array(resourceSchema).default([]),
  output_changes: z.record(z.string(), changeSchema).default({}),
  /** Queues that the plan would destroy and that hold no message: scripts/deliver/workflow/smoke/empty-queues.ts adds them. */
  empty_queues: z.array(z.string()).default([]),
  /**
   * Changes that RDS keeps for its window, by address and attribute: scripts/deliver/workflow/plans/pending-changes.ts
   * adds it.
   */
  pending_changes: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
  variables: z.record(z.string(), z.object({ value: z.unknown().optional() })).default({}),
  configuration: z
    .object({
      provider_config: z
        .record(
          z.string(),
          z.object({
            name: z.string().default(""),
            expressions: z
              .object({ region: z.object({ constant_value: z.string().optional() }).optional() })
              .default({}),
          }),
        )
        .default({}),
      root_module: z.object({
        resources: z.array(z.object({ address: z.string(), expressions: z.unknown().optional() })).default([]),
        variables: z.record(z.string(), z.object({ sensitive: z.boolean().default(false) })).default({}),
      }),
    })
    .prefault({ root_module: {} }),
});

/** A plan in the form of `terraform show -json` ("JSON Output Format" in HashiCorp's documentation). */
export type Plan = Readonly<z.output<typeof planSchema>>;
export type ResourceChange = Readonly<z.output<typeof resourceSchema>>;
export type Change = Readonly<z.output<typeof changeSchema>>;

/** @throws MillraceError if it is not a plan, or has an unknown format */
export function parsePlan(json: unknown, source: string): Plan {
  const parsed = planSchema.safeParse(json);
  if (parsed.success) {
    if (!parsed.data.errored) return parsed.data;
    throw new MillraceError("Terraform could not finish this plan", {
      where: { source },
      fix: "Fix the errors of `terraform plan`; half a plan is not reviewed.",
    });
  }
  const [issue] = parsed.error.issues;
  throw new MillraceError(`This is not a Terraform plan: ${issue?.path.join(".") || "the whole file"}`, {
    expected: issue?.message,
    where: { source },
    fix: "Write it with `terraform show -json tfplan`.",
    cause: parsed.error,
  });
}
