import { MillraceError } from "../../../etl/core/errors";
import { ProgramError } from "../../command-line/run-program";

/**
 * Terraform's errors, each once, from its and cdktf's output: the rest of a failed deployment is hundreds of lines
 * about what succeeded.
 */
export function terraformErrors(output: string): readonly string[] {
  const errors: string[] = [];
  let lines: string[] | undefined;
  for (const line of output.split("\n").map(withoutColours)) {
    if (line.includes("╷")) lines = [];
    else if (line.includes("╵")) {
      const text = (lines ?? []).join("\n").trim();
      if (/^Error: /.test(text)) errors.push(text);
      lines = undefined;
    } else if (lines !== undefined) lines.push(line.replace(/^[^│]*│ ?/, "").trimEnd());
  }
  return [...new Set(errors)].map((text) => text.replaceAll(/\n{2,}/g, "\n"));
}

/**
 * A failure of Terraform reduced to its errors; any other failure unchanged. Existing resources get their own advice.
 */
export function explainTerraform(error: unknown, headline: string, fix: string): unknown {
  if (!(error instanceof ProgramError)) return error;
  const errors = terraformErrors(error.output);
  if (errors.length === 0) return error;
  const advice = adviseOnExisting(errors);
  return new MillraceError(headline, {
    got: errors.join("\n"),
    fix: advice === undefined ? fix : `${advice}. ${fix}`,
    cause: error,
  });
}

/** An interrupted or killed run may have created resources that are in no state: AWS's answer came too late. */
function adviseOnExisting(errors: readonly string[]): string | undefined {
  const existing = errors.filter((text) => /already ?exists|AlreadyOwnedByYou/i.test(text));
  const addresses = existing.flatMap((text) => /^ *with (\w+\.\w+)/m.exec(text)?.[1] ?? []);
  if (addresses.length === 0) return undefined;
  return `In AWS and in no state: ${addresses.join(", ")}. If an interrupted run has created it, take it over: terraform import ADDRESS ID in the stack's folder (see Terraform's page of its type for the ID); otherwise delete it or change its name`;
}

function withoutColours(line: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape sequences are what is removed
  return line.replace(/\u001b\[[0-9;]*[A-Za-z]/g, "");
}
