import * as z from "zod";

/** The event of the function `sql`. */
export const statementEvent = z.object({
  statement: z.string().min(1).max(100_000),
  /** The caller's ARN, as sent by the caller: it is logged with the statement. */
  caller: z.string().min(1).max(2_048),
});

/** Its answer. A user's mistake is an answer, not a failure of the function. */
export const statementAnswer = z.union([
  z.object({
    columns: z.array(z.string()),
    rows: z.array(z.array(z.string().nullable())),
    cut: z.enum(["rows", "bytes"]).optional(),
  }),
  z.object({
    failure: z.object({
      message: z.string(),
      code: z.string().optional(),
      detail: z.string().optional(),
      hint: z.string().optional(),
      position: z.number().optional(),
    }),
  }),
  /** The database has no reader. */
  z.object({ refused: z.string() }),
]);
export type StatementAnswer = z.output<typeof statementAnswer>;
