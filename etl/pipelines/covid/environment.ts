import * as z from "zod";
import { databaseVariables, rejectedLimitVariable } from "../../core/database/database-environment";

const httpUrl = z.url({ protocol: /^https?$/ });

/** Environment of the step `fetch`: of each source its address, or a secret that holds it. */
export const fetchEnvironment = z
  .object({
    /** Bucket that keeps the raw objects. */
    RAW_BUCKET: z.string().min(3),
    CASES_URL: httpUrl.optional(),
    CASES_SECRET_ARN: z.string().startsWith("arn:").optional(),
    RECOVERIES_URL: httpUrl.optional(),
    RECOVERIES_SECRET_ARN: z.string().startsWith("arn:").optional(),
  })
  .refine((env) => env.CASES_URL ?? env.CASES_SECRET_ARN, {
    path: ["CASES_URL"],
    error: "expected an address, or CASES_SECRET_ARN",
  })
  .refine((env) => env.RECOVERIES_URL ?? env.RECOVERIES_SECRET_ARN, {
    path: ["RECOVERIES_URL"],
    error: "expected an address, or RECOVERIES_SECRET_ARN",
  });

/** Environment of the step `load`. */
export const loadEnvironment = z.object({
  RAW_BUCKET: z.string().min(3),
  ...databaseVariables,
  /** What becomes of a day without a recoveries figure: `left` keeps it, `inner` drops it. */
  JOIN: z.enum(["left", "inner"]),
  MAX_REJECTED: rejectedLimitVariable(),
  /** What becomes of a run whose recoveries have no row of the United States as a whole. */
  MISSING_RECOVERIES: z.enum(["fail", "keep"]).default("fail"),
});

/** What the stack sets for `fetch`: all text. */
export type FetchEnvironment = z.input<typeof fetchEnvironment>;

/** What the stack sets for `load`: all text. */
export type LoadEnvironment = z.input<typeof loadEnvironment>;
