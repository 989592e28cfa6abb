import { join } from "node:path";
import { sql } from "kysely";
import { migrate } from "../../../etl/core/database/migrate";
import { covidMigrations } from "../../../etl/pipelines/covid/tables";
import { runProgram } from "../../command-line/run-program";
import type { Bench } from "./bench-server";
import { writeCovidFeeds } from "./covid-feeds";
import { type Measurement, median, parseMeasurement } from "./measurement";
import { renderTable } from "./render-comparison";

const contenders = ["millrace", "pandas"] as const;

/**
 * Runs the whole of covid, from two files to the committed table, by millrace and by pandas with `execute_values`, in
 * turn, into an empty table and again into the full one. @returns Markdown: medians, and the time of each part
 */
export async function comparePipelines(bench: Bench, days: number, runs: number): Promise<string> {
  const { db } = bench.database;
  await migrate(db, "covid", covidMigrations);
  const feeds = await writeCovidFeeds(bench.folder, days);
  const rows: string[][] = [];
  for (const variant of ["new", "unchanged"] as const) {
    const measured = new Map(contenders.map((name) => [name, [] as Measurement[]]));
    for (let run = 0; run < runs; run += 1) {
      for (const name of run % 2 === 0 ? contenders : contenders.toReversed()) {
        if (variant === "new") await sql`truncate covid_daily, revision`.execute(db);
        await sql`vacuum analyze covid_daily`.execute(db);
        await sql`checkpoint`.execute(db);
        const measurement = await run_(bench, name, feeds.cases, feeds.recoveries);
        const expected = variant === "new" ? days : 0;
        if (measurement.inserted !== expected) throw new Error(`${name} counted ${measurement.inserted} inserts`);
        bench.say(`covid, ${days}, ${variant}, ${name}: ${measurement.seconds.toFixed(2)} s`);
        measured.get(name)?.push(measurement);
      }
    }
    for (const [name, all] of measured) rows.push(renderRow(name, variant, days, all));
  }
  return renderTable(["whole pipeline", "case", "days", "seconds", "MiB above idle", "where the time goes"], rows);
}

async function run_(bench: Bench, name: (typeof contenders)[number], ...feeds: string[]): Promise<Measurement> {
  const { stdout } =
    name === "pandas"
      ? await runProgram(bench.python, [join(__dirname, "contenders/run_pandas.py"), bench.url, ...feeds])
      : await runProgram(process.execPath, [
          ...["--expose-gc", "--import", "tsx", join(__dirname, "contenders/run-millrace.ts"), bench.url, ...feeds],
        ]);
  return parseMeasurement(stdout);
}

function renderRow(name: string, variant: string, days: number, all: readonly Measurement[]): string[] {
  const stages = Object.keys(all[0]?.stages ?? {}).map((stage) => {
    const seconds = median(all.map((measurement) => measurement.stages?.[stage] ?? Number.NaN));
    return `${stage} ${seconds.toFixed(1)} s`;
  });
  const seconds = median(all.map((measurement) => measurement.seconds)).toFixed(1);
  const mebibytes = (median(all.map(({ peakKiB }) => peakKiB)) / 1024).toFixed(0);
  return [name, variant, days.toLocaleString("en"), seconds, mebibytes, stages.join(", ")];
}
