import { feedProgress } from "../../../../../scripts/ops/runs/feed-progress";
import type { LogLine } from "../../../../../scripts/ops/runs/function-log";

const at = (second: number) => new Date(Date.UTC(2026, 10, 25, 2, 0, second));

describe("the progress of import", () => {
  it("is unknown before the plan is there", () => {
    expect(feedProgress([], at(5))).toBeUndefined();
    expect(feedProgress([{ step: "plan", time: at(1), text: "START RequestId: 1" }], at(5))).toBeUndefined();
  });

  it("counts chunks and rows, and says how long the others take at this rate", () => {
    const lines = [
      done("plan", 0, { chunks: 8, objects: 3 }),
      done("load", 6, { rows: 400 }),
      done("load", 9, { rows: 600 }),
    ];

    expect(feedProgress(lines, at(10))).toEqual({
      ...{ chunks: 8, done: 2, rows: 1000 },
      ...{ rowsPerSecond: 100, secondsLeft: 30 },
    });
  });

  it("has no rate of chunks before the first", () => {
    expect(feedProgress([done("plan", 0, { chunks: 8 })], at(10))).toEqual({
      ...{ chunks: 8, done: 0, rows: 0 },
      rowsPerSecond: 0,
    });
  });

  it("stands still once all chunks are done", () => {
    const lines = [done("plan", 0, { chunks: 1 }), done("load", 10, { rows: 50 })];

    expect(feedProgress(lines, at(59))).toMatchObject({ done: 1, rowsPerSecond: 5, secondsLeft: 0 });
  });
});

function done(step: string, second: number, result: object): LogLine {
  const entry = { level: "INFO", message: "step done", service: "import", step, result };
  return { step, time: at(second), text: JSON.stringify(entry) };
}
