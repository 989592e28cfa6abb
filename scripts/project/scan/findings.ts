import * as z from "zod";
import { MillraceError } from "../../../etl/core/errors";

/** One failed check of one resource. */
export interface Finding {
  /** For example `CKV_AWS_144`. */
  readonly check: string;
  /** `<stack>/<resource>`, with checkov's name of the resource. */
  readonly resource: string;
  /** The check's requirement. */
  readonly asks: string;
}

/** Checkov's report on a folder of stacks. */
export interface Findings {
  readonly passed: number;
  readonly failed: readonly Finding[];
  /** Files that it could not read, and skipped silently. */
  readonly unread: readonly string[];
}

const reportSchema = z.object({
  summary: z.object({ passed: z.int(), failed: z.int(), parsing_errors: z.int() }),
  results: z.object({
    failed_checks: z.array(
      z.object({ check_id: z.string(), check_name: z.string(), resource: z.string(), file_path: z.string() }),
    ),
    parsing_errors: z.array(z.string()).default([]),
  }),
});

/** Reads checkov's JSON report of one framework. @throws MillraceError if it is not one */
export function readFindings(report: string): Findings {
  const { summary, results } = parseReport(report);
  const unnamed = Array.from({ length: summary.parsing_errors - results.parsing_errors.length }, () => "a file");
  return {
    passed: summary.passed,
    failed: results.failed_checks.map(({ check_id, check_name, resource, file_path }) => ({
      check: check_id,
      resource: `${stackOf(file_path)}/${resource}`,
      asks: check_name,
    })),
    unread: [...results.parsing_errors, ...unnamed],
  };
}

function parseReport(report: string): z.output<typeof reportSchema> {
  try {
    return reportSchema.parse(JSON.parse(report));
  } catch (cause) {
    throw new MillraceError("checkov's report is not as expected", { got: report.slice(0, 200), cause });
  }
}

/** The file is `/<stack>/cdk.tf.json`. */
function stackOf(file: string): string {
  return file.split("/").at(-2) ?? "";
}
