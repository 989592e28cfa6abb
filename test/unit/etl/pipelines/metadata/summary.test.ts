import { mediaType, summariseEvent } from "../../../../../etl/pipelines/metadata/summary";
import { MemoryObjects } from "../../../../support/fakes/memory-objects";

const bridge = (key: string, version?: string) =>
  JSON.stringify({
    ...{ source: "aws.s3", "detail-type": "Object Created" },
    detail: { bucket: { name: "bucket" }, object: { key, "version-id": version } },
  });

describe("summariseEvent", () => {
  let objects: MemoryObjects;
  let ignored: string[];
  const summarize = (body: string, prefix = "up/") =>
    summariseEvent(body, objects, prefix, (key, reason) => ignored.push(`${key}: ${reason}`));

  beforeEach(async () => {
    objects = new MemoryObjects();
    ignored = [];
    await objects.put("up/a b+é.txt", "x".repeat(1_536), "text/plain");
  });

  test("tells type, metadata, time and size in KiB", async () => {
    expect(await summarize(bridge("up/a b+é.txt"))).toEqual([
      {
        ...{ bucket: "bucket", key: "up/a b+é.txt", version: "v1", etag: expect.stringMatching(/^[0-9a-f]{32}$/) },
        ...{ content_type: "text/plain", metadata: {}, last_modified: "2026-11-21T00:00:01.000Z", size: 1.5 },
      },
    ]);
  });

  test("tells of the version that the event is about, not of a later one", async () => {
    // Prepare
    await objects.put("up/a b+é.txt", "", "text/html");

    // Act
    const [first] = await summarize(bridge("up/a b+é.txt", "v1"));
    const [second] = await summarize(bridge("up/a b+é.txt", "v2"));

    // Assess
    expect([first?.content_type, second?.content_type]).toEqual(["text/plain", "text/html"]);
    expect([first?.size, second?.size]).toEqual([1.5, 0]);
  });

  test("ignores objects that were deleted again, and those not below the prefix", async () => {
    // Act
    const summaries = [...(await summarize(bridge("up/gone"))), ...(await summarize(bridge("up/a b+é.txt"), "other/"))];

    // Assess
    expect(summaries).toEqual([]);
    expect(ignored).toEqual(["up/gone: gone again", "up/a b+é.txt: not below other/"]);
  });

  test("fails where access is denied", async () => {
    // Prepare
    const denied = { name: "bucket", head: () => Promise.reject(new Error("403 Forbidden")) };

    // Act and assess
    await expect(summariseEvent(bridge("up/a"), denied, "up/", () => undefined)).rejects.toThrow("403 Forbidden");
  });
});

describe("mediaType", () => {
  test.each([
    ["text/plain; charset=utf-8", "text/plain"],
    ["Text/CSV", "text/csv"],
    ["", "none"],
    [null, "none"],
  ])("of %j is %s", (content_type, expected) => {
    expect(mediaType({ content_type })).toBe(expected);
  });
});
