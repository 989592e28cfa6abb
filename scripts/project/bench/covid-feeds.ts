import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { series } from "./shapes";

export interface CovidFeeds {
  readonly cases: string;
  readonly recoveries: string;
}

/** Writes the two sources of the covid pipeline, with the given number of days each, into a folder. */
export async function writeCovidFeeds(folder: string, days: number): Promise<CovidFeeds> {
  const cases = join(folder, `cases-${days}.csv`);
  const recoveries = join(folder, `recoveries-${days}.csv`);
  await writeLines(cases, "date,cases,deaths", days, (day, index) => `${day},${index * 7},${Math.floor(index / 3)}`);
  await writeLines(
    recoveries,
    "Date,Country/Region,Province/State,Lat,Long,Confirmed,Recovered,Deaths",
    days,
    (day, index) => `${day},US,,40.0,-100.0,${index * 7},${index * 5},${Math.floor(index / 3)}`,
  );
  return { cases, recoveries };
}

async function writeLines(
  path: string,
  header: string,
  count: number,
  line: (day: string, index: number) => string,
): Promise<void> {
  function* lines() {
    yield `${header}\n`;
    for (let index = 0; index < count; index += 1) yield `${line(series.keyAt(index), index)}\n`;
  }
  await pipeline(Readable.from(lines()), createWriteStream(path));
}
