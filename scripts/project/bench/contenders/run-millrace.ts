import { openFileSource } from "../../../../etl/adapters/files/file-source";
import { openPostgres } from "../../../../etl/adapters/postgres/postgres";
import { runPipeline } from "../../../../etl/core/runs/run-pipeline";
import { covidPipeline } from "../../../../etl/pipelines/covid/pipeline";
import type { CovidTables } from "../../../../etl/pipelines/covid/tables";
import { watchMemory } from "./memory";

/** One run of covid in a separate process: `run-millrace.ts URL CASES RECOVERIES`. */
async function main([url = "", cases = "", recoveries = ""]: readonly string[]): Promise<void> {
  const database = await openPostgres<CovidTables>(url);
  const marks = new Map<string, number>();
  const peak = watchMemory();
  const started = performance.now();
  const secondsSince = (mark: string) => ((marks.get(mark) ?? performance.now()) - started) / 1000;
  const pipeline = covidPipeline({
    fetch: async () => [await openFileSource("cases", cases), await openFileSource("recoveries", recoveries)],
    join: "left",
    maxRejected: { rows: 0 },
    missingRecoveries: "fail",
    settings: { maxRejected: "", missingRecoveries: "" },
    progress: {
      advance: () => undefined,
      finish: (stage, subject) => void marks.set(`${stage} ${subject}`, performance.now()),
    },
  });
  const { inserted, updated } = await runPipeline(pipeline, {
    database,
    notifier: { notify: async () => undefined },
    onWait: () => undefined,
  });
  const seconds = (performance.now() - started) / 1000;
  const [parsed, sent, loaded] = [
    secondsSince("parse recoveries"),
    secondsSince("parse cases"),
    secondsSince("load covid_daily"),
  ];
  const stages = {
    "parse and check the recoveries": parsed,
    "parse, check and merge the cases, COPY": sent - parsed,
    upsert: loaded - sent,
    "ledger and commit": seconds - loaded,
  };
  console.log(JSON.stringify({ seconds, peakKiB: peak(), inserted, updated, stages }));
  await database.close();
}

void main(process.argv.slice(2));
