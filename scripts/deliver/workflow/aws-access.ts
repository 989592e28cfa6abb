import { appendFileSync } from "node:fs";
import { Argument, Command } from "commander";
import { loadConfig } from "../../../config/load";
import { MillraceError } from "../../../etl/core/errors";
import { runCommand } from "../../command-line/run-command";
import { parseVariables, ROLE_KINDS, type RoleKind, variableNames } from "../github-check/repository-variables";

const command = new Command("npx tsx scripts/deliver/workflow/aws-access.ts")
  .description(
    "Picks the role and the region of ENVIRONMENT from the repository's variables, given as JSON in VARIABLES, for " +
      "aws-actions/configure-aws-credentials.",
  )
  .addArgument(new Argument("<kind>", "what the role is for").choices(ROLE_KINDS))
  .action((kind: RoleKind) => {
    const { environment } = loadConfig();
    const variables = parseVariables(process.env.VARIABLES ?? "", "VARIABLES");
    const names = variableNames(environment);
    const [role, region] = [names.role(kind), names.region].map((name) => {
      const value = variables[name];
      if (value !== undefined && /^[\w:/.+=,@-]+$/.test(value)) return value;
      throw new MillraceError(
        `The repository's variable ${name} is ${value === undefined ? "not set" : "not a valid value"}`,
        {
          fix: "See docs/github-setup.md for how to set it.",
        },
      );
    });
    const outputs = `role=${role}\nregion=${region}\n`;
    if (process.env.GITHUB_OUTPUT) appendFileSync(process.env.GITHUB_OUTPUT, outputs);
    else process.stdout.write(outputs);
  });

runCommand(command);
