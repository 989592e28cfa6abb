import type * as z from "zod";
import { UsageError } from "../etl/core/errors";

/**
 * Reads a step's environment variables. Called while the module loads, so that a wrong setting fails the function's
 * first start, not its first night.
 *
 * @throws UsageError that names every missing or wrong variable
 */
export function readEnvironment<Schema extends z.ZodObject>(
  schema: Schema,
  variables: Readonly<Record<string, string | undefined>> = process.env,
): z.output<Schema> {
  const { data, error } = schema.safeParse(variables);
  if (error === undefined) return data;
  throw new UsageError("The function's environment is not what the step needs", {
    got: describeIssues(error),
    fix: "Set these variables where the stack defines the function, and deploy",
  });
}

/** `CASES_URL: Invalid URL; JOIN: …`: zod's issues, on one line. */
export function describeIssues(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => [...path.map(String), message].join(": ")).join("; ");
}
