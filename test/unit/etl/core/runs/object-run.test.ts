import { buffer } from "node:stream/consumers";
import { MOST_NEW_SOURCES } from "../../../../../etl/core/runs/new-sources";
import { objectSources, objectsEvent, summarizeObjects } from "../../../../../etl/core/runs/object-run";
import type { RunReport } from "../../../../../etl/core/runs/run-report";
import { MemoryObjects } from "../../../../support/fakes/memory-objects";

const event = (input: object = {}) => objectsEvent.parse({ input });

describe("the sources below a prefix", () => {
  it("are its CSV objects, the oldest first, each in its version", async () => {
    // Prepare
    const objects = new MemoryObjects();
    for (const key of ["sales/b.csv", "other/c.csv", "sales/_SUCCESS", "sales/a.csv"]) await objects.put(key, key);

    // Act
    const sources = await objectSources(objects, "sales/", event({ "detail-type": "Object Created" }));

    // Assess
    expect(sources.map(({ name }) => name)).toEqual(["sales/b.csv", "sales/a.csv"]);
    expect(sources.map(({ version }) => version)).toEqual([await etag("sales/b.csv"), await etag("sales/a.csv")]);
    expect(await content(sources[1])).toBe("sales/a.csv");

    async function etag(key: string) {
      return (await objects.head(key))?.etag;
    }
  });

  it("are those that the event names, as they are now and whatever was loaded", async () => {
    // Prepare
    const objects = new MemoryObjects();
    await objects.put("sales/a.csv", "first");
    await objects.put("sales/a.csv", "corrected");
    await objects.put("sales/b.csv", "b");

    // Act
    const sources = await objectSources(objects, "sales/", event({ objects: [{ key: "sales/a.csv" }] }));

    // Assess
    expect(sources).toMatchObject([{ name: "sales/a.csv", location: "memory:sales/a.csv", size: 9 }]);
    expect(sources[0]).not.toHaveProperty("version");
    expect(await content(sources[0])).toBe("corrected");
  });

  it("are refused where a named object is gone", async () => {
    const finding = objectSources(new MemoryObjects(), "sales/", event({ objects: [{ key: "sales/a.csv" }] }));

    await expect(finding).rejects.toThrow("The object is not there (memory:sales/a.csv). Put it there again");
  });
});

describe("what a run says of its objects", () => {
  const report: RunReport = {
    ...{ pipeline: "sales", runId: "1", status: "succeeded", warnings: [], durationMs: 1 },
    ...{ inserted: 3, updated: 1, unchanged: 0, rejected: 0, dropped: 0, revisions: { total: 0, first: [] } },
    sources: [{ name: "sales/a.csv", location: "s3://in/sales/a.csv", sha256: "", bytes: 1, rows: 4 }],
  };

  it("names them, for a replay", () => {
    const result = summarizeObjects(report);

    expect(result).toMatchObject({ objects: [{ key: "sales/a.csv" }], text: "There were 3 inserts and 1 updates" });
    expect(event(result).input.objects).toEqual([{ key: "sales/a.csv" }]);
  });

  it("says what the table dropped", () => {
    const { text } = summarizeObjects({ ...report, dropped: 2 });

    expect(text).toBe("There were 3 inserts and 1 updates; 2 rows were dropped by triggers of the table");
  });

  it("says that there was none", () => {
    expect(summarizeObjects({ ...report, sources: [] })).toMatchObject({
      objects: [],
      text: "There was no new object",
    });
  });

  it("says where it took only as many as a result can name, and keeps within what Step Functions passes on", () => {
    const [source] = report.sources;
    const sources = Array.from({ length: MOST_NEW_SOURCES }, (_, number) => ({
      ...source,
      name: `sales/region=north-west/year=2026/month=11/day=26/transactions-of-the-day-${number}.csv`,
    })) as RunReport["sources"];

    const result = summarizeObjects({ ...report, sources });

    expect(result.text).toContain(`of the ${MOST_NEW_SOURCES} oldest new objects; the others wait for the next run`);
    expect(JSON.stringify(result).length).toBeLessThan(256 * 1024);
  });
});

async function content(source: Awaited<ReturnType<typeof objectSources>>[number] | undefined): Promise<string> {
  return source === undefined ? "" : (await buffer(await source.open())).toString();
}
