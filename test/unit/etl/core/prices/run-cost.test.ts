import { describeRunCost, type RunShape, runCost } from "../../../../../etl/core/prices/run-cost";
import { renderReport } from "../../../../../etl/report/render-report";
import { reportOf, runOf } from "../../../../support/files/report-sample";

const started = new Date("2026-03-09T06:00:00Z");
const taking = (seconds: number, more: object = {}) => ({
  started,
  finished: new Date(started.getTime() + seconds * 1000),
  ...more,
});
const shape = (engine: RunShape["engine"], region = "us-east-1"): RunShape => ({ engine, memoryMb: 1024, region });
const GB_SECOND = 0.0000133334;

describe("what a run cost", () => {
  test("is Lambda's time and calls, transitions and reads: of one call for a pipeline", () => {
    const cost = 100 * GB_SECOND + 0.0000002 + 10 * 0.000025 + 2 * 0.0000004;

    expect(runCost(taking(100), shape("step"))).toBeCloseTo(cost, 12);
  });

  test("counts a run that died without a word for no longer than a call takes", () => {
    const cost = 900 * GB_SECOND + 0.0000002 + 10 * 0.000025 + 2 * 0.0000004;

    expect(runCost(taking(86_400), shape("step"))).toBeCloseTo(cost, 12);
  });

  test("counts all calls of a function that is called again, and their pauses", () => {
    const chunks = { count: 5, seconds: 40 };
    const cost = 1_000 * GB_SECOND + 2 * 0.0000002 + 12 * 0.000025 + 10 * 0.0000004;

    expect(runCost(taking(1_000, { chunks }), shape("lambda"))).toBeCloseTo(cost, 12);
  });

  test("counts a map's chunks by their own seconds", () => {
    const chunks = { count: 5, seconds: 40 };
    const cost = 40 * GB_SECOND + 5 * 0.0000002 + 22 * 0.000025 + 10 * 0.0000004;

    expect(runCost(taking(1_000, { chunks }), shape("distributed-map"))).toBeCloseTo(cost, 12);
    expect(runCost(taking(10), shape("distributed-map"))).toBeCloseTo(12 * 0.000025, 12);
  });

  test("is not known while it runs", () => {
    expect(runCost({ started, finished: null }, shape("step"))).toBeUndefined();
  });

  test.each([
    ["step", "each further try is a run of its own"],
    ["lambda", "further tries and the pauses"],
    ["distributed-map", "tries that failed are not in the ledger"],
  ] as const)("of %s is said with what is counted", (engine, text) => {
    expect(describeRunCost(shape(engine))).toContain(text);
    expect(describeRunCost(shape(engine, "eu-central-1"))).toContain("List prices of eu-central-1, November 2026");
    expect(describeRunCost(shape(engine, "ap-south-1"))).toContain("of us-east-1, as there are none of ap-south-1");
  });
});

describe("the report of a pipeline", () => {
  const runs = { total: 2, shown: [runOf(), runOf({ isMend: true, id: "8d8c1b1e-0f43-4a5e-9a51-0d1f3a3a9a10" })] };

  test("has each run's cost, but that of a mend, where it runs on AWS", () => {
    const page = renderReport(reportOf({ runs, shape: shape("step", "eu-central-1") }));

    expect(page.match(/data-label="USD">([^<]*)</g)).toEqual(['data-label="USD">0.0003<', 'data-label="USD">\u2013<']);
    expect(page).toContain("Not counted: the database");
  });

  test("has none on a laptop", () => {
    expect(renderReport(reportOf({ runs }))).not.toMatch(/USD|Not counted/);
  });
});
