import { Command, Option } from "commander";
import { MillraceError, UsageError } from "../../../etl/core/errors";
import type { Check } from "../../../etl/feeds/doctor/check";
import { diagnoseFeed } from "../../../etl/feeds/doctor/doctor";
import type { FeedTables } from "../../../etl/feeds/ledger/tables";
import { explainAwsError, isAwsError } from "../../command-line/explain-aws-error";
import { printData } from "../../command-line/standard-streams";
import { inputPlace } from "../../command-line/user-path";
import { type Finding, renderFindings } from "../../deliver/doctor/finding";
import { databaseUrlOption, openDatabase } from "../open-database";
import { CONTRACT_ARGUMENT, openContract, sourceOf } from "./contract/open-contract";
import { openObjects } from "./open-objects";

/** The printed parts of a check. */
const TOLD: (keyof Check)[] = ["name", "ok", "detail", "fix"];

interface DoctorOptions {
  readonly from?: string;
  readonly databaseUrl?: string;
  readonly json?: boolean;
}

/** `etl doctor`; calls `setExitCode` with the result. */
export function doctorCommand(setExitCode: (code: number) => void): Command {
  return new Command("doctor")
    .description("Checks all that a feed needs and says what to fix: each run on AWS begins with the same checks.")
    .argument("<name-or-path>", CONTRACT_ARGUMENT)
    .addOption(new Option("--contract <name-or-path>").argParser(refuseFormer).hideHelp())
    .option("--from <folder-or-s3-prefix>", "a folder, or s3://bucket/prefix (default: made-up samples)", inputPlace)
    .addOption(databaseUrlOption("an embedded one"))
    .option("--json", "standard output is one JSON array")
    .action(async (contract: string, { from, databaseUrl, json }: DoctorOptions) => {
      const found = await diagnoseFeed({
        contract: openContract(contract),
        objects: await openObjects(sourceOf(contract, { from })),
        openDatabase: () => openDatabase<FeedTables>({ databaseUrl }),
      });
      const checks = found.map(explainCheck);
      await printData(json === true ? JSON.stringify(checks, TOLD) : renderFindings(checks.map(findingOf)));
      setExitCode(checks.every(({ ok }) => ok) ? 0 : 1);
    });
}

function refuseFormer(name: string): never {
  throw new UsageError("doctor takes a feed's name as its argument, like feed", {
    got: `--contract ${name}`,
    expected: `npm run etl -- doctor ${name}`,
    fix: "Leave --contract out",
  });
}

/** Where the shell's own settings for AWS are the cause, the advice is for the shell. */
function explainCheck(check: Check): Check {
  const known = isAwsError(check.cause) ? explainAwsError(check.cause) : undefined;
  if (!(known instanceof MillraceError)) return check;
  const { headline, details } = known;
  return { ...check, detail: `${headline}: ${details.got}`, fix: details.fix };
}

function findingOf({ name, ok, detail, fix }: Check): Finding {
  return { name, level: ok ? "ok" : "fail", detail, fix };
}
