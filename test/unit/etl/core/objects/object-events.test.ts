import { findCreated, parseObjectEvents } from "../../../../../etl/core/objects/object-events";
import { MemoryObjects } from "../../../../support/fakes/memory-objects";

const bridge = (key: string, facts: object = {}) => ({
  ...{ version: "0", source: "aws.s3", "detail-type": "Object Created" },
  detail: { bucket: { name: "bucket" }, object: { key, size: 1, etag: "0a", ...facts }, reason: "PutObject" },
});
const record = (key: string, eventName = "ObjectCreated:Put", facts: object = {}) => ({
  ...{ eventVersion: "2.1", eventSource: "aws:s3", eventName },
  s3: { bucket: { name: "bucket" }, object: { key, size: 1, eTag: "0a", ...facts } },
});

describe("parseObjectEvents", () => {
  const parse = (event: object) => parseObjectEvents(JSON.stringify(event));

  test("reads an event of EventBridge, whose key is as it is, and may be URL-encoded", () => {
    expect(parse(bridge("orders 2023+08é/items_20230828.csv", { "version-id": "v1" }))).toEqual([
      {
        bucket: "bucket",
        keys: ["orders 2023+08é/items_20230828.csv", "orders 2023 08é/items_20230828.csv"],
        version: "v1",
      },
    ]);
    expect(parse(bridge("orders%202023%2B08%C3%A9/a.csv"))).toMatchObject([
      { keys: ["orders%202023%2B08%C3%A9/a.csv", "orders 2023+08é/a.csv"] },
    ]);
    expect(parse(bridge("100%.csv"))).toEqual([{ bucket: "bucket", keys: ["100%.csv"] }]);
  });

  test("reads all records of a notification, whose keys are URL-encoded", () => {
    const event = {
      Records: [record("orders+2023%2B08%C3%A9/a.csv", "ObjectCreated:Copy", { versionId: "v2" }), record("b.csv")],
    };
    expect(parse(event)).toEqual([
      { bucket: "bucket", keys: ["orders 2023+08é/a.csv", "orders+2023%2B08%C3%A9/a.csv"], version: "v2" },
      { bucket: "bucket", keys: ["b.csv"] },
    ]);
  });

  test("finds nothing in other events of S3", () => {
    expect(parse({ Service: "Amazon S3", Event: "s3:TestEvent", Bucket: "bucket" })).toEqual([]);
    expect(parse({ ...bridge("a.csv"), "detail-type": "Object Deleted" })).toEqual([]);
    expect(parse({ Records: [record("a.csv", "ObjectRemoved:Delete")] })).toEqual([]);
  });

  test.each(["null", "", null])("knows that %j is no version", (version) => {
    expect(parse(bridge("a", { "version-id": version }))).toEqual([{ bucket: "bucket", keys: ["a"] }]);
  });

  test.each(["poison", "{}", "[]", "null", '{"source":"aws.ec2","detail-type":"x","detail":{}}', '{"Records":[{}]}'])(
    "refuses %s",
    (body) => {
      expect(() => parseObjectEvents(body)).toThrow(`The message is not an event from S3: got ${JSON.stringify(body)}`);
    },
  );
});

describe("findCreated", () => {
  const objects = new MemoryObjects();
  const find = (keys: [string, ...string[]], version?: string, pinned = true) =>
    findCreated(objects, { bucket: "bucket", keys, version }, { pinned });

  beforeAll(async () => {
    await objects.put("a+b", "literal");
    await objects.put("c d", "decoded");
    await objects.put("c d", "newer");
  });

  test("takes the first reading of the key that there is", async () => {
    expect(await find(["a+b", "a b"])).toMatchObject({ key: "a+b" });
    expect(await find(["c+d", "c d"])).toMatchObject({ key: "c d", bytes: 5 });
    expect(await find(["e+f", "e f"])).toBeUndefined();
  });

  test("takes the version of the event where it is pinned, else the newest", async () => {
    expect(await find(["c d"], "v2")).toMatchObject({ version: "v2", bytes: 7 });
    expect(await find(["c d"], "v2", false)).toMatchObject({ version: "v3" });
    expect(await find(["c d"], "v9")).toBeUndefined();
  });

  test("refuses another bucket", async () => {
    await expect(findCreated(objects, { bucket: "other", keys: ["a+b"] }, { pinned: true })).rejects.toThrow(
      "got other, expected bucket",
    );
  });
});
