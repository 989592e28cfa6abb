import type { Config } from "../../../config/schema";
import { counted } from "../../../etl/core/counted";
import { MillraceError } from "../../../etl/core/errors";
import { AwsAccount } from "./aws-account";
import { type Preflight, preflight } from "./checks";
import { renderFindings } from "./finding";
import { ThisMachine } from "./this-machine";

/**
 * The pre-flight as the first step of a command: counts passed checks and shows the others.
 *
 * @throws MillraceError if a failed check would stop the command later; nothing has been changed then
 */
export async function requirePreflight(
  config: Config,
  before: Preflight["before"],
  say: (text: string) => void,
): Promise<void> {
  const findings = await preflight({ config, before, machine: new ThisMachine(), account: new AwsAccount(config) });
  const shown = findings.filter(({ level }) => level !== "ok");
  say(`pre-flight: ${findings.length - shown.length} of ${counted(findings.length, "check")} passed`);
  const failed = shown.filter(({ level }) => level === "fail");
  const warned = shown.filter(({ level }) => level === "warn");
  if (warned.length > 0) console.error(renderFindings(warned));
  if (failed.length > 0) throw new MillraceError(`Nothing was done: the pre-flight failed\n${renderFindings(failed)}`);
}
