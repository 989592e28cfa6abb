import * as z from "zod";
import { parseRejectedLimit, type RejectedLimit } from "../../core/rejections";

const httpUrl = z.url({ protocol: /^https?$/ });
const port = z
  .string()
  .regex(/^\d{1,5}$/, "expected a port number")
  .transform(Number)
  .pipe(z.int().min(1).max(65_535));
const rejectedLimit = z.string().transform((text, context): RejectedLimit => {
  const limit = parseRejectedLimit(text);
  if (limit !== undefined) return limit;
  context.addIssue({ code: "custom", message: 'expected a number of rows ("0") or a share of them ("5%")' });
  return z.NEVER;
});

/** Environment of the step `fetch`. */
export const fetchEnvironment = z.object({
  /** Bucket that keeps the raw objects. */
  RAW_BUCKET: z.string().min(3),
  CASES_URL: httpUrl,
  RECOVERIES_URL: httpUrl,
});

/** Environment of the step `load`. */
export const loadEnvironment = z.object({
  RAW_BUCKET: z.string().min(3),
  /** Host name as in the server's certificate. */
  DATABASE_HOST: z.string().min(1),
  DATABASE_PORT: port,
  DATABASE_NAME: z.string().min(1),
  /** ARN of the secret with `username` and `password`. */
  DATABASE_SECRET_ARN: z.string().startsWith("arn:"),
  /** What becomes of a day without a recoveries figure: `left` keeps it, `inner` drops it. */
  JOIN: z.enum(["left", "inner"]),
  /** Above this the run fails and nothing is loaded: rows (`0`) or a share of them (`5%`). */
  MAX_REJECTED: rejectedLimit,
  /** Node's own variable: a PEM file of further certificate authorities, for a database that is not Amazon's. */
  NODE_EXTRA_CA_CERTS: z.string().optional(),
});

/** What the stack sets for `fetch`: all text. */
export type FetchEnvironment = z.input<typeof fetchEnvironment>;

/** What the stack sets for `load`: all text. */
export type LoadEnvironment = z.input<typeof loadEnvironment>;
