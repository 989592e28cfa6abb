import { Command } from "commander";
import { runCommand } from "./command-line/run-command";
import { asOfCommand } from "./ops/commands/as-of-command";
import { auditCommand } from "./ops/commands/audit-command";
import { backfillCommand } from "./ops/commands/backfill-command";
import { forgetCommand } from "./ops/commands/forget-command";
import { listCommand } from "./ops/commands/list-command";
import { logsCommand } from "./ops/commands/logs-command";
import { mendCommand } from "./ops/commands/mend-command";
import { pageCommand } from "./ops/commands/page-command";
import { redriveCommand } from "./ops/commands/redrive-command";
import { rejectedCommand } from "./ops/commands/rejected-command";
import { replayCommand } from "./ops/commands/replay-command";
import { restoreCommand } from "./ops/commands/restore-command";
import { revisionsCommand } from "./ops/commands/revisions-command";
import { runsCommand } from "./ops/commands/runs-command";
import { sqlCommand } from "./ops/commands/sql-command";
import { startCommand } from "./ops/commands/start-command";
import { statusCommand } from "./ops/commands/status-command";
import { undoCommand } from "./ops/commands/undo-command";
import { uploadLinkCommand } from "./ops/commands/upload-link-command";

const program = new Command("npm run ops --")
  .description(
    "Works with the deployed pipelines of ENVIRONMENT (default dev), with the AWS SDK's credentials; " +
      "AWS_ENDPOINT_URL selects an emulated AWS.",
  )
  .addCommand(listCommand())
  .addCommand(startCommand())
  .addCommand(statusCommand())
  .addCommand(logsCommand())
  .addCommand(runsCommand())
  .addCommand(pageCommand())
  .addCommand(revisionsCommand())
  .addCommand(rejectedCommand())
  .addCommand(mendCommand())
  .addCommand(undoCommand())
  .addCommand(replayCommand())
  .addCommand(backfillCommand())
  .addCommand(redriveCommand())
  .addCommand(uploadLinkCommand())
  .addCommand(forgetCommand())
  .addCommand(restoreCommand())
  .addCommand(sqlCommand())
  .addCommand(asOfCommand())
  .addCommand(auditCommand());

runCommand(program);
