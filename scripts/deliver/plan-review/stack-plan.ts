import { readFileSync } from "node:fs";
import { basename } from "node:path";
import * as z from "zod";
import { MillraceError } from "../../../etl/core/errors";
import { type Plan, parsePlan } from "./plan";

const waitingSchema = z.strictObject({
  /** The stack that must be deployed first. */
  waits_for: z.string(),
  /** Its outputs that do not exist yet. */
  missing_outputs: z.array(z.string()),
});

/** In place of a plan, for a stack that cannot be planned before another one is deployed. */
export type Waiting = Readonly<z.output<typeof waitingSchema>>;

export interface StackPlan {
  readonly stack: string;
  /** Undefined while the stack waits for another one. */
  readonly plan?: Plan;
  readonly waiting?: Waiting;
}

/**
 * Reads `<stack>.json`: written by `terraform show -json` or scripts/deliver/workflow/plan-stacks.ts. @throws
 * MillraceError
 */
export function readStackPlan(file: string): StackPlan {
  const stack = basename(file).replace(/\.json$/, "");
  const json = readJson(file);
  const waiting = waitingSchema.safeParse(json);
  return waiting.success ? { stack, waiting: waiting.data } : { stack, plan: parsePlan(json, file) };
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    const got = cause instanceof Error ? cause.message : String(cause);
    throw new MillraceError("A plan cannot be read", {
      got,
      where: { source: file },
      fix: "Write it with `terraform show -json tfplan`; the plan file itself is not JSON.",
      cause,
    });
  }
}
