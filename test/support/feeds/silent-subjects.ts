import { join } from "node:path";
import { openFileSource } from "../../../etl/adapters/files/file-source";
import { openPostgres, type PostgresOptions } from "../../../etl/adapters/postgres/postgres";
import type { Database } from "../../../etl/core/database/database";
import type { CoreTables } from "../../../etl/core/database/tables";
import type { Progress } from "../../../etl/core/ports";
import { type Pipeline, runPipeline } from "../../../etl/core/runs/run-pipeline";
import type { FeedTables } from "../../../etl/feeds/ledger/tables";
import { covidPipeline } from "../../../etl/pipelines/covid/pipeline";
import { runFeedHere } from "../../../scripts/run/feed/run-feed-here";
import { KEPT } from "../../faults/run-phases";
import { covidCommand } from "../../faults/subjects/covid-subject";
import { feedLoading } from "../../faults/subjects/feed-subject";
import type { SilentSubject } from "./silent-peers";

const progress: Progress = { advance: () => undefined, finish: () => undefined };
const ROWS = 1_000;

/** The daily feed, with few records: they are sent in one statement. */
export function silentFewCovid(folder: string): SilentSubject {
  const { command, ...subject } = silentCovid(join(folder, "few"), 100);
  return { ...subject, command: { ...command, name: "covid few" } };
}

/** The daily feed, by COPY. */
export function silentCovid(folder: string, days = 3_000): SilentSubject {
  const { phases, ...command } = covidCommand(folder, days);
  const at = (name: string) => openFileSource(name, join(folder, "covid", `${name}.csv`));
  const fetch = () => Promise.all([at("cases"), at("recoveries")]);
  const settings = { maxRejected: "--max-rejected", missingRecoveries: "--missing-recoveries" };
  const limits = { maxRejected: { rows: 0 }, missingRecoveries: "fail" } as const;
  const pipeline = () => covidPipeline({ fetch, join: "left", ...limits, settings, progress });
  // The report is a page of the command's: its own suite has it.
  const { reporting: _, ...ofTheRun } = phases;
  return { command: { ...command, phases: ofTheRun }, run: runner(openPostgres, runPipeline, pipeline), endsWell };
}

/** `import`, one worker, in this process. */
export function silentFeed(folder: string): SilentSubject {
  const command = feedLoading(folder, 1, ROWS);
  const run: SilentSubject["run"] = (url, patience) =>
    using<FeedTables, SilentRun>(openPostgres, url, patience, async (database) => {
      const result = await runFeedHere(
        database,
        { contract: "sales", from: join(folder, "sales-1"), workers: 1 },
        { progress },
      );
      if ("waitsFor" in result) throw new Error(result.text);
      return result;
    });
  // What is kept by then, the run or its last chunk, is looked up or loaded once more.
  return { command, run, endsWell: () => undefined };
}

const endsWell = (phase: string) => KEPT.includes(phase);

function runner<Tables extends CoreTables>(
  open: typeof openPostgres,
  runOn: typeof runPipeline,
  pipeline: () => Pipeline<Tables>,
): SilentSubject["run"] {
  const options = { notifier: { notify: async () => undefined }, onWait: () => undefined };
  return (url, patience) =>
    using<Tables, SilentRun>(open, url, patience, (database) => runOn(pipeline(), { ...options, database }));
}

type SilentRun = Awaited<ReturnType<SilentSubject["run"]>>;

async function using<Tables, Result>(
  open: typeof openPostgres,
  url: string,
  patience: PostgresOptions,
  work: (database: Database<Tables>) => Promise<Result>,
): Promise<Result> {
  const database = await open<Tables>(url, patience);
  return work(database).finally(() => database.close().catch(() => undefined));
}
