import { planEvent, runEvent } from "../../../../../etl/feeds/run/events";

describe.each([
  ["plan", planEvent],
  ["run", runEvent],
])("what starts %s", (_step, schema) => {
  const runId = "6d4b1f6e-0f0b-4b53-9c7e-0a4f1a1f0001";

  test.each([
    ["no list", {}, undefined],
    ["an empty list, which is what is new", { replay: [] }, undefined],
    ["keys", { replay: ["in/a.csv"] }, ["in/a.csv"]],
  ])("may name objects that are read again: %s", (_what, event, replay) => {
    expect(schema.parse({ ...event, runId }).replay).toEqual(replay);
  });

  test("names no key that is none", () => {
    expect(() => schema.parse({ replay: [""], runId })).toThrow();
  });
});
