import { lambdaTime, type RunUse } from "../../../etl/core/prices/run-use";

/** A run whose cost the page shows. */
export interface ExampleRun {
  /** Markdown. */
  readonly title: string;
  readonly use: RunUse;
}

const time = (calls: number, seconds: number, memoryMb: number): RunUse => ({
  "Lambda time": calls * lambdaTime(seconds, memoryMb),
  "Lambda call": calls,
});

export const exampleRuns: readonly ExampleRun[] = [
  {
    title: "`covid`: two functions, 10 s at 512 MB each, ten state transitions, two objects",
    use: { ...time(2, 10, 512), "state transition": 10, "S3 write": 2, "S3 read": 2 },
  },
  {
    title:
      "a feed by `distributed-map`: 10⁶ rows in two chunks, 11 s at 1,769 MB each, 16 transitions; [scaling.md](scaling.md) goes to 10⁹",
    use: { ...time(2, 11, 1769), "state transition": 16, "S3 read": 4, "S3 write": 5 },
  },
  {
    title:
      "`orders`: a batch of 1,000 customers: three checks of 10 s at 1,024 MB, 3,000 requests of SQS, 1,000 write units and 1,000 read units of DynamoDB",
    use: { ...time(3, 10, 1024), "SQS request": 3_000, "DynamoDB write": 1_000, "DynamoDB read": 1_000, "S3 read": 9 },
  },
  {
    title: "pages: 5 s at 512 MB, four objects; each version is kept for 90 days, 2 MB at most",
    use: { ...time(1, 5, 512), "S3 write": 4, "S3 read": 8 },
  },
];

/** GB of the ledger of `orders` as read units: half of one for 4 KB. */
export const LEDGER_READS_PER_GB = 2 ** 30 / 4096 / 2;
