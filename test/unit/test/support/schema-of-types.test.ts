import { SchemaOfTypes } from "../../../support/cloud/provider/schema-of-types";

/** A field of Protocol Buffers with bytes. */
function bytes(number: number, ...content: readonly (string | Buffer)[]): Buffer {
  const body = Buffer.concat(content.map((each) => Buffer.from(each as string)));
  return Buffer.concat([varint(number * 8 + 2), varint(body.length), body]);
}

function varint(value: number): Buffer {
  return value < 128
    ? Buffer.of(value)
    : Buffer.concat([Buffer.of((value % 128) + 128), varint(Math.floor(value / 128))]);
}

const typed = (number: number, name: string, schema: string) => bytes(number, bytes(1, name), bytes(2, schema));

describe("SchemaOfTypes", () => {
  const provider = bytes(1, "x".repeat(300));
  const capabilities = bytes(6, Buffer.concat([varint(16), varint(1)]));
  const queue = typed(2, "aws_sqs_queue", "q".repeat(200_000));
  const region = typed(2, "aws_region", "resource");
  const regionData = typed(3, "aws_region", "data");
  const lambda = typed(7, "aws_sqs_queue", "function");
  const schema = new SchemaOfTypes(Buffer.concat([provider, queue, region, regionData, capabilities, lambda]));

  test.each([
    { types: [], of: [] },
    { types: ["resource.aws_sqs_queue"], of: [queue] },
    { types: ["data.aws_region"], of: [regionData] },
    { types: ["resource.aws_region", "resource.aws_sqs_queue"], of: [queue, region] },
    { types: ["data.aws_sqs_queue", "resource.aws_unknown"], of: [] },
  ])("leaves of the types those of $types, and all else", ({ types, of }) => {
    const message = schema.of(new Set(types));

    expect(message.equals(Buffer.concat([provider, capabilities, lambda, ...of]))).toBe(true);
  });

  test("refuses what is no such message", () => {
    expect(() => new SchemaOfTypes(Buffer.of(13, 0, 0, 0, 0))).toThrow("a field of wire type 5 is not expected");
    expect(() => new SchemaOfTypes(Buffer.of(0x80))).toThrow("out of range");
  });
});
