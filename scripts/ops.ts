import { Command } from "commander";
import { forgetCommand } from "./ops/forget-command";
import { listCommand } from "./ops/list-command";
import { logsCommand } from "./ops/logs-command";
import { pageCommand } from "./ops/page-command";
import { redriveCommand } from "./ops/redrive-command";
import { replayCommand } from "./ops/replay-command";
import { restoreCommand } from "./ops/restore-command";
import { revisionsCommand } from "./ops/revisions-command";
import { runsCommand } from "./ops/runs-command";
import { sqlCommand } from "./ops/sql-command";
import { startCommand } from "./ops/start-command";
import { statusCommand } from "./ops/status-command";
import { uploadLinkCommand } from "./ops/upload-link-command";
import { runCommand } from "./run-command";

const program = new Command("npm run ops --")
  .description(
    "Works with the deployed pipelines of ENVIRONMENT (default dev), with the credentials that the AWS SDK finds; " +
      "AWS_ENDPOINT_URL leads it to an emulated AWS.",
  )
  .addCommand(listCommand())
  .addCommand(startCommand())
  .addCommand(statusCommand())
  .addCommand(logsCommand())
  .addCommand(runsCommand())
  .addCommand(pageCommand())
  .addCommand(revisionsCommand())
  .addCommand(replayCommand())
  .addCommand(redriveCommand())
  .addCommand(uploadLinkCommand())
  .addCommand(forgetCommand())
  .addCommand(restoreCommand())
  .addCommand(sqlCommand());

runCommand(program);
