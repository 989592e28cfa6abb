import { Command, CommanderError, InvalidArgumentError } from "commander";
import { covidSeries } from "../etl/pipelines/covid/report-series";
import { surviveLostReaders } from "./command-line/standard-streams";
import { oneAtATime } from "./run/dashboard/one-at-a-time";
import { makeReportPage } from "./run/dashboard/report-page";
import { createDashboard, listen, stop } from "./run/dashboard/server";
import { explainFailure } from "./run/explain-failure";
import { databaseUrlOption, patience } from "./run/open-database";
import { EMBEDDED_DATABASE } from "./run/places";

interface DashboardOptions {
  readonly databaseUrl?: string;
  readonly port: number;
}

/** Serves the report on this machine: `npm run dashboard -- --help`. */
async function main(): Promise<number> {
  const program = new Command("npm run dashboard --")
    .description("Serves the report on 127.0.0.1, and reads the database again on every reload. Ctrl-C ends it.")
    .addOption(databaseUrlOption())
    .option("--port <number>", "0 selects any free one", toPort, 8350)
    .configureHelp({ helpWidth: 110 })
    .showHelpAfterError("(--help shows the options)")
    .exitOverride();
  try {
    await serve(program.parse().opts<DashboardOptions>());
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    return explainFailure(error);
  }
}

async function serve({ databaseUrl, port }: DashboardOptions): Promise<void> {
  const origin = { databaseUrl, directory: EMBEDDED_DATABASE, patience: patience() };
  const server = createDashboard(oneAtATime(() => makeReportPage(origin, { pipeline: "covid", series: covidSeries })));
  console.log(`The report is at ${await listen(server, port)} (Ctrl-C ends)`);
  await new Promise<void>((resolve) => {
    server.once("close", resolve);
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop(server));
  });
}

function toPort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError("Expected a whole number from 0 to 65535.");
}

surviveLostReaders();
// Does not wait for a page in progress, or for a database that does not answer.
main().then((code) => process.exit(code));
