import { section, wholeNumber } from "../kinds";

const MOST_DAYS = 36_500;

const days = (least: number, description: string, example: number) =>
  wholeNumber(least, MOST_DAYS)
    .optional()
    .meta({ description: `${description}; unset, they are kept for ever.`, examples: [example] });

export const retentionSchema = section({
  revisionDays: days(
    1,
    "Days after which revisions (`revision`) are deleted: by a run of their pipeline, or on the first of a month",
    730,
  ),
  // A run of a feed takes at most 30 days, and can be redriven for 14 more ("Redriving Map Runs", Step Functions
  // guide).
  rawDays: days(
    45,
    "Days after which downloads of `covid` and manifests of feeds are deleted (bucket raw); older runs can then no longer be replayed",
    400,
  ),
  // An event of an object waits 14 days in its queue, and 14 in the dead letters.
  incomingDays: days(
    90,
    "Days after which everything in the incoming bucket is deleted, read or not; a batch of `orders` that still waits for a file loses its other files, and feeds with `full` read what is left",
    400,
  ),
  rejectedDays: days(
    31,
    "Days after which rejected rows are deleted: those of `orders` (`rejected/`), corrected ones (`mends/`), and those of the table `rejected_row` by a run of their pipeline, or on the first of a month",
    90,
  ),
  messagesDays: days(
    31,
    "Days after which bodies of messages that were too large for the queue are deleted (`messages/`); a message waits 14 days, and 14 in the dead letters",
    90,
  ),
  ledgerDays: days(
    90,
    "Days after its last change that the ledger of `orders` forgets a batch; a correction after that sends messages to all its customers again, from version 1, which a consumer that has them ignores. Must be at least incomingDays, which must be set",
    730,
  ),
})
  .prefault({})
  .meta({ description: "How long things are kept." });
