import { feedChunk, planEvent, runEvent } from "../../../../../etl/feeds/run/events";

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

describe("a chunk of a manifest", () => {
  const chunk = {
    ...{ object: 1, key: "a", etag: "e", lastModified: "2026-08-28T00:00:00Z" },
    ...{ bytes: 1, start: 0, end: 1 },
  };

  test("may be a byte of an object with a name of one letter", () => {
    expect(feedChunk.parse(chunk)).toEqual(chunk);
  });

  test.each([
    ...[{ object: 0 }, { key: "" }, { etag: "" }, { lastModified: "2026-08-28" }],
    ...[{ bytes: 0 }, { start: -1 }, { end: 0 }, { end: 1.5 }],
  ])("is refused with %j", (change) => {
    expect(feedChunk.safeParse({ ...chunk, ...change }).success).toBe(false);
  });
});
