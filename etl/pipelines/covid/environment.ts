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
  /** Days without a recoveries figure: `left` keeps them, `inner` drops them. */
  JOIN: z.enum(["left", "inner"]),
  MAX_REJECTED: rejectedLimitVariable(),
  /** What a run does if the recoveries have no row for the United States as a whole. */
  MISSING_RECOVERIES: z.enum(["fail", "keep"]).default("fail"),
  /** What runs and mends keep of what they did. */
  HISTORY: z.enum(["full", "changes", "none"]).default("full"),
});

/** The stack's variables for `fetch`: all text. */
export type FetchEnvironment = z.input<typeof fetchEnvironment>;

/** The stack's variables for `load`: all text. */
export type LoadEnvironment = z.input<typeof loadEnvironment>;
