import { Command } from "commander";
import { inputFolder } from "../../command-line/user-path";
import { runOrders } from "./run-orders";

/** `etl orders`; calls `setExitCode` at the run's end. */
export function ordersCommand(setExitCode: (code: number) => void): Command {
  return new Command("orders")
    .description("A partner's customers, orders and items: one JSON message per customer, on standard output.")
    .argument(
      "[folder]",
      "with customers_, orders_ and items_YYYYMMDD.csv or .csv.gz (default: made-up samples)",
      inputFolder,
    )
    .option("--fresh", "forget which messages of this folder were printed")
    .option("--quiet", "no summary")
    .addHelpText("after", EXAMPLES)
    .action(async (folder: string | undefined, options: { fresh?: boolean; quiet?: boolean }) => {
      setExitCode(await runOrders(folder, options));
    });
}

const EXAMPLES = `
Only new and changed messages are printed: a second run prints nothing. The record of each folder's printed messages is kept in
.millrace/orders, and rejected rows beside it.

Examples:
  npm run --silent etl -- orders                       the made-up samples
  npm run --silent etl -- orders incoming | jq .name   your own files, in all folders below incoming, too`;
