import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CASES_HEADER, RECOVERIES_HEADER, recoveryRow } from "../../support/models/covid-run";
import { lookAtRuns } from "../run-look";
import { runPhases, sent } from "../run-phases";
import type { LoadingCommand } from "./database-subject";

/** The daily feed: five days before, thousands after, of which five differ. */
export function covidCommand(folder: string, days = 30_000): LoadingCommand {
  mkdirSync(join(folder, "covid"), { recursive: true });
  const dayOf = (index: number) => new Date(Date.UTC(1940, 0, 1 + index)).toISOString().slice(0, 10);
  const write = (name: string, lines: readonly string[]) =>
    writeFileSync(join(folder, "covid", name), `${lines.join("\n")}\n`);
  const writeCases = (length: number, factor: number) => {
    const rows = Array.from({ length }, (_, index) => `${dayOf(index)},${index * factor},${index}`);
    write("cases.csv", [CASES_HEADER, ...rows]);
  };
  write("recoveries.csv", [RECOVERIES_HEADER, recoveryRow(dayOf(1), 1)]);
  return {
    name: "covid",
    phases: {
      ...runPhases({ pipeline: "covid", table: "covid_daily", rows: days }),
      reporting: sent(/repeatable read/),
    },
    args: ["covid", "--json", "--cases", "covid/cases.csv", "--recoveries", "covid/recoveries.csv"],
    writeBefore: () => writeCases(5, 3),
    writeAfter: () => writeCases(days, 7),
    look: lookAtRuns("covid", "covid_daily", "date", days),
  };
}
