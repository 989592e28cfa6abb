import { explainAwsError } from "../../command-line/explain-aws-error";
import { type Finding, fail, type Outcome, warn } from "./finding";

export interface Check {
  readonly name: string;
  /** Undefined if it does not apply to this configuration. */
  readonly look: () => Promise<Outcome | undefined>;
  /** Whether nothing can continue if the check itself fails. @default false: the user may lack its permission */
  readonly needed?: true;
}

/** One finding per check, in order. A check that cannot run is no failure: the deployer may not need its permission. */
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
  if (needed) return fail(said, "Fix that first: checks that depend on it were skipped");
  return warn(`it cannot be checked: ${said}`, "Check it yourself, or grant the permission to read it");
}
