import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { readBody } from "../../../../../etl/adapters/s3/body";
import { TransientSourceError } from "../../../../../etl/core/fetch/errors";

const read = (body: string, promised?: number) =>
  text(Readable.from(readBody(Readable.from([Buffer.from(body)]), promised, "s3://bucket/a.csv")));

describe("the body of an object of S3", () => {
  test("is passed on where it is as long as promised, or nothing was", async () => {
    expect(await read("a,b\n", 4)).toBe("a,b\n");
    expect(await read("a,b\n")).toBe("a,b\n");
  });

  test.each([3, 5])("fails, to be read again, where %i bytes were promised and four came", async (promised) => {
    const reading = read("a,b\n", promised);
    await expect(reading).rejects.toThrow(TransientSourceError);
    await expect(reading).rejects.toThrow(`got 4 of ${promised} bytes (s3://bucket/a.csv)`);
  });
});
