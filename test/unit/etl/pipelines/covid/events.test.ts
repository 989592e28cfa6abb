import type { SourceSummary } from "../../../../../etl/core/database/tables";
import type { RunReport } from "../../../../../etl/core/runs/run-report";
import {
  describeObject,
  type FetchedObject,
  loadEvent,
  openObjects,
  summariseLoad,
} from "../../../../../etl/pipelines/covid/events";

const SHA256 = "ab".repeat(32);

describe("loadEvent", () => {
  test("takes what fetch gives", () => {
    // Prepare
    const event = {
      objects: [fetched({ mayBeCut: true }), fetched({ name: "recoveries" })],
      execution: "arn:aws:states:…",
    };

    // Act and assess
    expect(loadEvent.parse(JSON.parse(JSON.stringify(event)))).toEqual(event);
  });

  test("takes only names and keys, to load an earlier day again", () => {
    const objects = [
      { name: "recoveries", key: "covid/recoveries/2026-11-20/a.csv" },
      { name: "cases", key: "covid/cases/2026-11-20/b.csv" },
    ];
    expect(loadEvent.parse({ objects })).toEqual({ objects });
  });

  test.each<[string, unknown]>([
    ["nothing", {}],
    ["one object", { objects: [fetched()] }],
    ["one object twice", { objects: [fetched(), fetched()] }],
    ["an object more", { objects: [fetched(), fetched(), fetched({ name: "recoveries" })] }],
    ["a key that is empty", { objects: [fetched({ key: "" }), fetched({ name: "recoveries" })] }],
    ["another source", { objects: [{ ...fetched(), name: "vaccinations" }, fetched({ name: "recoveries" })] }],
  ])("refuses %s", (_, event) => {
    expect(loadEvent.safeParse(event).success).toBe(false);
  });
});

test("describes a download and opens it again", async () => {
  // Prepare
  const raw = { key: "covid/cases/2026-11-21/a.csv", sha256: SHA256, bytes: 7 };
  const body = (async function* () {})();
  const opened: string[] = [];
  const store = {
    open: async (key: string) => {
      opened.push(key);
      return body;
    },
  };

  // Act
  const object = describeObject("cases", { raw, location: "https://example.com/us.csv", unchanged: true });
  const [source] = openObjects({ objects: [object] }, store);

  // Assess
  expect(object).toEqual(fetched({ bytes: 7, unchanged: true }));
  expect(source).toMatchObject({ name: "cases", location: object.location, size: 7, unchanged: true });
  expect(await source?.open()).toBe(body);
  expect(opened).toEqual([raw.key]);
});

describe("summariseLoad", () => {
  test("gives the message a line of its own for what the table dropped", () => {
    expect(summariseLoad(report({ dropped: 3 })).droppedLine).toBe("\n3 rows were dropped by triggers of the table");
  });

  test("gives the message its warnings, ten at most, a line each", () => {
    const warnings = Array.from({ length: 12 }, (_, index) => `no news\nof ${index}`);

    expect(summariseLoad(report({ warnings: warnings.slice(0, 1) })).warningLines).toBe("\nWarning: no news of 0");
    expect(summariseLoad(report({ warnings })).warningLines).toMatch(
      /^(\nWarning: no news of \d){10}\nand 2 more warnings: column warnings of etl_run$/,
    );
  });

  test("says the counts, and the newest day", () => {
    expect(summariseLoad(report({ inserted: 254, newest: { date: "2020-09-30", cases: 7_262_695 } }))).toEqual({
      runId: "run-1",
      inserted: 254,
      updated: 0,
      unchanged: 0,
      rejected: 0,
      dropped: 0,
      newest: { date: "2020-09-30", cases: 7_262_695 },
      newestDay: "2020-09-30",
      sourcesUnchanged: false,
      text: "There were 254 inserts and 0 updates",
      droppedLine: "",
      warningLines: "",
    });
  });

  test.each([
    [[true, true], true],
    [[true, false], false],
    [[true, undefined], false],
    [[], false],
  ])("of sources with unchanged %j says %s", (unchanged, expected) => {
    // Act
    const result = summariseLoad(report({ sources: unchanged.map((each) => source({ unchanged: each })) }));

    // Assess
    expect(result.sourcesUnchanged).toBe(expected);
    expect(result.text.endsWith("; the sources are unchanged")).toBe(expected);
    expect(result.newestDay).toBeNull();
  });
});

function fetched(changes: Partial<FetchedObject> = {}): FetchedObject {
  return {
    name: "cases",
    key: "covid/cases/2026-11-21/a.csv",
    sha256: SHA256,
    bytes: 1,
    location: "https://example.com/us.csv",
    unchanged: false,
    ...changes,
  };
}

function source(changes: Partial<SourceSummary> = {}): SourceSummary {
  return { name: "cases", location: "here", sha256: SHA256, bytes: 1, rows: 1, ...changes };
}

function report(changes: Partial<RunReport> = {}): RunReport {
  return {
    pipeline: "covid",
    runId: "run-1",
    status: "succeeded",
    inserted: 0,
    updated: 0,
    unchanged: 0,
    rejected: 0,
    dropped: 0,
    sources: [source(), source({ name: "recoveries" })],
    revisions: { total: 0, first: [] },
    warnings: [],
    durationMs: 1,
    ...changes,
  };
}
