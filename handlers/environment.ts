import type * as z from "zod";
import { UsageError } from "../etl/core/errors";

/**
 * Reads what a step is told by its environment. Called while the module loads, so that a wrong setting fails the
 * first start of the function and not its first night.
 *
 * @throws UsageError that names every variable that is missing or wrong
 */
export function readEnvironment<Schema extends z.ZodObject>(
  schema: Schema,
  variables: Readonly<Record<string, string | undefined>> = process.env,
): z.output<Schema> {
  const { data, error } = schema.safeParse(variables);
  if (error === undefined) return data;
  throw new UsageError("The function's environment is not what the step needs", {
    got: describeIssues(error),
    fix: "Set these variables where the stack makes the function, and deploy",
  });
}

/** `CASES_URL: Invalid URL; JOIN: …`: what zod found, on one line. */
export function describeIssues(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => [...path.map(String), message].join(": ")).join("; ");
}
