import type { Feed } from "../../../../etl/core/contract/contract";
import type { FeedWorld } from "../../suites/feeds/describe-feed";
import { corrected, mendReadings, statesOf } from "../mending";
import { reading, readings, readTable, run } from "./feed-run";

/** No calendar has it. */
export const BAD_DAY = "2023-02-29";
export const bad = (meter: string, facts = {}) => reading(meter, { day: BAD_DAY, ...facts });
export const lenient: Feed = { ...readings, maxRejected: { rows: 10 } };

/** Loads, corrects and mends readings. */
export function mendingOf({ database, objects }: FeedWorld) {
  const load = (changes = {}) => run(database, { contract: lenient, objects, chunkBytes: 65_536, ...changes });
  const correct = (...replaced: readonly (readonly [string, string])[]) =>
    corrected(database, "readings", () => lenient, ...replaced);
  const mend = (file: Awaited<ReturnType<typeof correct>>, contract = lenient, facts = {}) =>
    mendReadings(database, contract, file, facts);
  const states = () => statesOf(database, "readings");
  const meters = async () =>
    (await readTable(database, readings)).map((row) => JSON.parse(row)).map(({ meter, note }) => `${meter} ${note}`);
  return { load, correct, mend, states, meters };
}
