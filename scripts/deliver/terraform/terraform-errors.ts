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

/** A failure of Terraform by its errors alone; any other as it is. What is there already gets advice of its own. */
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

/** An interrupted or killed run may have made what no state knows: the answer of AWS came too late to be written down. */
function adviseOnExisting(errors: readonly string[]): string | undefined {
  const existing = errors.filter((text) => /already ?exists|AlreadyOwnedByYou/i.test(text));
  const addresses = existing.flatMap((text) => /^ *with (\w+\.\w+)/m.exec(text)?.[1] ?? []);
  if (addresses.length === 0) return undefined;
  return `In AWS and in no state: ${addresses.join(", ")}. If a run that was interrupted has made it, take it over: terraform import ADDRESS ID in the stack's folder (Terraform's page of its type says which ID), else delete it or change its name`;
}

function withoutColours(line: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape sequences are what is removed
  return line.replace(/\u001b\[[0-9;]*[A-Za-z]/g, "");
}
