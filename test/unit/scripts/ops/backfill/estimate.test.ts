import { runCost } from "../../../../../etl/core/prices/run-cost";
import { estimate, renderEstimate } from "../../../../../scripts/ops/backfill/estimate";

const window = (bytes: number, objects = 1) => ({
  ...{ from: "2026-03-01", to: "2026-03-01" },
  objects: Array.from({ length: objects }, (_, at) => ({
    key: `${at}`,
    etag: "e",
    bytes: bytes / objects,
    day: "2026-03-01",
  })),
});
/** Two runs of a MiB each: a chunk of 10 seconds, and 20 seconds besides. */
const rates = { rows: 20_000, bytes: 2 * 2 ** 20, chunks: 2, seconds: 20, runs: 2, took: 60 };
const shape = { engine: "lambda", memoryMb: 1769, region: "us-east-1" } as const;

test("rows, time and cost of a backfill are those of the ledger's runs, by bytes", () => {
  const windows = [window(2 ** 20), window(3 * 2 ** 20, 3)];

  const found = estimate(windows, rates, { shape, atOnce: 1 });

  // 10 s and 30 s of work, and 20 s besides for each of the two runs.
  expect(found).toMatchObject({ runs: 2, objects: 4, bytes: 4 * 2 ** 20, rows: 40_000, minutes: 80 / 60 });
  const cost = [30, 50].map((took, at) => {
    const chunks = { count: [1, 3][at] ?? 0, seconds: 0 };
    return runCost({ started: new Date(0), finished: new Date(took * 1000), chunks }, shape) ?? 0;
  });
  expect(found.usd).toBeCloseTo(
    cost.reduce((sum, usd) => sum + usd, 0),
    10,
  );
  expect(renderEstimate(found)).toBe(
    "4 objects of 4,096 KiB in 2 runs: by the ledger's rates about 40,000 rows, 2 minutes, less than 0.01 USD of Lambda, Step Functions and S3",
  );
});

test("chunks that are loaded side by side take less time, but no more than there are", () => {
  const map = { engine: "distributed-map", memoryMb: 1769, region: "us-east-1" } as const;
  // Four at once took 5 of the runs' 60 seconds: 27.5 besides for each.
  expect(estimate([window(3 * 2 ** 20, 3)], rates, { shape: map, atOnce: 4 }).minutes).toBeCloseTo(
    (27.5 + 30 / 3) / 60,
  );
});

test("without a run in the ledger only the sizes are known", () => {
  const found = estimate([window(2048)], undefined, { shape, atOnce: 1 });
  expect(found).toEqual({ runs: 1, objects: 1, bytes: 2048 });
  expect(renderEstimate(found)).toBe(
    "1 object of 2 KiB in 1 run; the ledger has no run of this feed yet, so neither rows nor time nor cost are known",
  );
});
