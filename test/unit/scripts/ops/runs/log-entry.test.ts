import { renderLine } from "../../../../../scripts/ops/runs/log-entry";

const line = (text: string) => ({ step: "load", time: new Date("2026-11-25T06:30:12.345Z"), text });

describe("a line of a function's log", () => {
  test("shows what the pipeline said, without the envelope", () => {
    const entry = { level: "INFO", message: "step done", service: "covid", cold_start: true, result: { inserted: 3 } };

    expect(renderLine(line(JSON.stringify(entry)))).toBe(
      '2026-11-25 06:30:12 load INFO step done {"result":{"inserted":3}}',
    );
  });

  test("leaves out what Lambda says of every call, and metrics", () => {
    expect(renderLine(line("START RequestId: 12 Version: $LATEST"))).toBeUndefined();
    expect(renderLine(line("REPORT RequestId: 12 Duration: 3 ms"))).toBeUndefined();
    expect(renderLine(line('{"_aws":{"Timestamp":1},"duration":3}'))).toBeUndefined();
  });

  test("keeps what is none of these: a crash, a time-out", () => {
    expect(renderLine(line("Task timed out after 3.00 seconds"))).toBe(
      "2026-11-25 06:30:12 load Task timed out after 3.00 seconds",
    );
    expect(renderLine(line("{ not json"))).toBeUndefined();
  });
});
