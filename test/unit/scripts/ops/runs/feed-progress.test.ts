import { feedProgress } from "../../../../../scripts/ops/runs/feed-progress";
import type { LogLine } from "../../../../../scripts/ops/runs/function-log";

const EXECUTION = "arn:aws:states:eu-central-1:111122223333:execution:millrace-dev-sales:one";
const at = (second: number) => new Date(Date.UTC(2026, 10, 25, 2, 0, second));

/** By the engine `lambda` one function says all, by a Distributed Map two do. */
describe.each([
  ["lambda", "run", "run"],
  ["distributed-map", "plan", "load"],
])("the progress of a run by the engine %s", (_, plans, loads) => {
  const planned = (second: number, chunks: number, runId = "1", execution = EXECUTION) =>
    line(plans, second, "feed planned", { runId, execution, chunks, objects: 3 });
  const loaded = (second: number, start: number, rows: number, runId = "1") =>
    line(loads, second, "chunk loaded", { runId, execution: EXECUTION, key: "a.csv", start, end: start + 10, rows });
  const progress = (lines: readonly LogLine[], second: number) => feedProgress(lines, EXECUTION, at(second));

  test("is unknown before the plan is there", () => {
    expect(progress([], 5)).toBeUndefined();
    expect(progress([{ step: plans, time: at(1), text: "START RequestId: 1" }], 5)).toBeUndefined();
    expect(progress([planned(0, 8, "2", `${EXECUTION}-more`)], 5)).toBeUndefined();
  });

  test("counts chunks and rows, and says how long the others take at this rate", () => {
    expect(progress([planned(0, 8), loaded(6, 0, 400), loaded(9, 10, 600)], 10)).toEqual({
      ...{ chunks: 8, done: 2, rows: 1000, seconds: 10 },
      ...{ rowsPerSecond: 100, secondsLeft: 30 },
    });
  });

  test("has no rate of chunks before the first", () => {
    expect(progress([planned(0, 8)], 10)).toEqual({
      ...{ chunks: 8, done: 0, rows: 0, seconds: 10 },
      rowsPerSecond: 0,
    });
  });

  test("stands still once all chunks are done", () => {
    expect(progress([planned(0, 1), loaded(10, 0, 50)], 59)).toMatchObject({
      ...{ done: 1, rowsPerSecond: 5, secondsLeft: 0 },
    });
  });

  test("continues over calls and tries, and starts over with another run of the same execution", () => {
    const calls = [planned(0, 8), loaded(10, 0, 50), planned(20, 8), loaded(20, 0, 50), loaded(30, 10, 50)];
    const other = [planned(40, 2, "2"), loaded(41, 20, 7), loaded(45, 0, 9, "2")];

    expect(progress(calls, 40)).toMatchObject({ chunks: 8, done: 2, rows: 100, seconds: 40 });
    expect(progress([...calls, ...other], 50)).toMatchObject({ chunks: 2, done: 1, rows: 9, seconds: 10 });
  });
});

function line(step: string, second: number, message: string, facts: object): LogLine {
  const entry = { level: "INFO", message, service: "sales", step, ...facts };
  return { step, time: at(second), text: JSON.stringify(entry) };
}
