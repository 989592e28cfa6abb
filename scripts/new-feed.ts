import { resolve } from "node:path";
import { Command } from "commander";
import { runCommand } from "./command-line/run-command";
import { parseFeedName } from "./project/new-feed/feed-name";
import { writeFeed } from "./project/new-feed/write-feed";

const root = resolve(__dirname, "..");

const command = new Command("npm run new-feed --")
  .description(
    "Writes a feed that works at once: CSV objects, validated by a contract and upserted into a table of its own, on this " +
      "machine and in dev. Its columns are made up: make them yours.",
  )
  .argument("<name>", "lower-case words with hyphens between, for example daily-sales")
  .action(async (text: string) => {
    const name = parseFeedName(text);
    const { written, changed } = await writeFeed(root, name);
    console.log(`Wrote the feed ${text}, for the table ${name.table}:
${list(written)}
Changed:
${list(changed)}

Next:
  npm run etl -- feed ${text}                    its made-up sample, on this machine
  npm run jest -- test/integration/samples      each feed's sample, twice
Then make the columns of ${written[0]} yours. Commit it, and once it is deployed:
  aws s3 cp FILE.csv s3://<incoming bucket>/${text}/
  npm run ops -- start ${text} --wait`);
  });

function list(paths: readonly string[]): string {
  return paths.map((path) => `  ${path}`).join("\n");
}

runCommand(command);
