import { explainAwsError } from "../../command-line/explain-aws-error";
import { type Finding, fail, type Outcome, warn } from "./finding";

export interface Check {
  readonly name: string;
  /** Undefined where it does not concern this configuration. */
  readonly look: () => Promise<Outcome | undefined>;
  /** Whether nothing can go on where the look itself fails. @default false: somebody may lack the right to look */
  readonly needed?: true;
}

/** One finding a check, in their order. What cannot be looked at is no failure: whoever deploys may not need to. */
export async function runChecks(checks: readonly Check[]): Promise<readonly Finding[]> {
  const findings = await Promise.all(
    checks.map(async ({ name, look, needed }): Promise<Finding | undefined> => {
      const outcome = await look().catch((error: unknown) => explain(error, needed ?? false));
      return outcome === undefined ? undefined : { name, ...outcome };
    }),
  );
  return findings.filter((finding) => finding !== undefined);
}

function explain(error: unknown, needed: boolean): Outcome {
  const explained = explainAwsError(error);
  const [said = ""] = (explained instanceof Error ? explained.message || explained.name : String(explained)).split(
    "\n",
  );
  if (needed) return fail(said, "Fix that first: what depends on it was not looked at");
  return warn(`it cannot be looked up: ${said}`, "Look yourself, or give whoever runs this the right to read it");
}
