import { Command } from "commander";
import { MillraceError } from "../../../etl/core/errors";
import { runCommand } from "../../command-line/run-command";
import { readStackPlan } from "../plan-review/stack-plan";
import { fingerprintOf } from "./plans/fingerprint";

const command = new Command("npx tsx scripts/deliver/workflow/plan-fingerprint.ts")
  .description(
    "Prints a hash of the plans' changes: plans with the same hash do the same. It reveals nothing of their content.",
  )
  .argument("<plans...>", "<stack>.json of plan-stacks.ts")
  .option("--expect <hash>", "exit with 1 unless the hash is this one")
  .action((files: readonly string[], { expect }: { expect?: string }) => {
    const hash = fingerprintOf(files.map(readStackPlan));
    console.log(hash);
    if (expect === undefined || expect === hash) return;
    throw new MillraceError("The plan is not the reviewed one", {
      got: hash,
      expected: expect,
      fix: "Something was deployed or changed since. Run the workflow again, and review the new plan.",
    });
  });

runCommand(command);
