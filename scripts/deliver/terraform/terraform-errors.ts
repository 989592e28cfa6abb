import { MillraceError } from "../../../etl/core/errors";
import { ProgramError } from "../../command-line/run-program";

/**
 * What Terraform gives as errors, each once, out of all that it and cdktf said: the rest of a failed deployment is
 * hundreds of lines of what went well.
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

/** A failure of Terraform by its errors alone; any other as it is. */
export function explainTerraform(error: unknown, headline: string, fix: string): unknown {
  if (!(error instanceof ProgramError)) return error;
  const errors = terraformErrors(error.output);
  return errors.length === 0 ? error : new MillraceError(headline, { got: errors.join("\n"), fix, cause: error });
}

function withoutColours(line: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape sequences are what is removed
  return line.replace(/\u001b\[[0-9;]*[A-Za-z]/g, "");
}
