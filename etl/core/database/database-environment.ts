import * as z from "zod";
import { parseRejectedLimit, type RejectedLimit } from "../contract/rejected-limit";

/** How long something is kept. */
export function daysVariable() {
  return z
    .string()
    .regex(/^[1-9]\d{0,4}$/, "expected a number of days")
    .transform(Number)
    .optional();
}

/** A whole number, or `none`. */
function numberOrNone() {
  return z
    .string()
    .regex(/^([1-9]\d{0,4}|none)$/, 'expected a number, or "none"')
    .transform((text) => (text === "none" ? null : Number(text)));
}

/** Limits of a source's size; missing variables default to those of a daily feed. */
export const sizeVariables = {
  SIZE_FACTOR: numberOrNone().optional(),
  ON_UNUSUAL_SIZE: z.enum(["warn", "fail"]).optional(),
} as const;

/** The step's checks of its feed; missing variables default to those of a daily feed. */
const checksVariables = { STALE_DAYS: numberOrNone().optional(), ...sizeVariables } as const;

/** Environment variables of a step for its database. */
export const databaseVariables = {
  /** Host name as in the server's certificate. */
  DATABASE_HOST: z.string().min(1),
  DATABASE_PORT: z
    .string()
    .regex(/^\d{1,5}$/, "expected a port number")
    .transform(Number)
    .pipe(z.int().min(1).max(65_535)),
  DATABASE_NAME: z.string().min(1),
  /** ARN of the secret with `username` and `password`. */
  DATABASE_SECRET_ARN: z.string().startsWith("arn:"),
  /** Days after which revisions may be deleted; unset, they are kept for ever. */
  REVISION_DAYS: daysVariable(),
  /** Days after which rejected rows may be deleted; unset, they are kept for ever. */
  REJECTED_DAYS: daysVariable(),
  ...checksVariables,
  /** Node's own variable: a PEM file of further certificate authorities, for a database outside Amazon. */
  NODE_EXTRA_CA_CERTS: z.string().optional(),
} as const;

const databaseEnvironment = z.object(databaseVariables);

/** The variables set by the stack: all text. */
export type DatabaseEnvironment = z.input<typeof databaseEnvironment>;

/** The values that a step reads from them. */
export type DatabaseSettings = z.output<typeof databaseEnvironment>;

/** Rows (`0`) or a share of them (`5%`), above which a run fails and nothing is loaded. */
export function rejectedLimitVariable() {
  return z.string().transform((text, context): RejectedLimit => {
    const limit = parseRejectedLimit(text);
    if (limit !== undefined) return limit;
    context.addIssue({ code: "custom", message: 'expected a number of rows ("0") or a share of them ("5%")' });
    return z.NEVER;
  });
}
