import { encodeCopyText } from "../../../../../etl/core/load/copy-text";

async function encode(batches: Record<string, unknown>[][], columns: string[]): Promise<Buffer[]> {
  async function* records() {
    yield* batches;
  }
  const buffers: Buffer[] = [];
  for await (const buffer of encodeCopyText(records(), columns, () => undefined)) buffers.push(buffer);
  return buffers;
}

describe("encodeCopyText", () => {
  test.each([
    ["a number", 1.5, "1.5"],
    ["a bigint", 9007199254740993n, "9007199254740993"],
    ["null", null, "\\N"],
    ["booleans", true, "t"],
    ["a point in time", new Date(0), "1970-01-01T00:00:00.000Z"],
    ["bytes", Buffer.from([0, 255]), "\\\\x00ff"],
    ["an object", { a: "x\ty" }, '{"a":"x\\\\ty"}'],
    ["text that looks like NULL", "\\N", "\\\\N"],
    ["control characters", "a\tb\nc\rd", "a\\tb\\nc\\rd"],
    ["empty text", "", ""],
  ])("writes %s", async (_what, value, expected) => {
    expect(Buffer.concat(await encode([[{ first: "", value, last: 0 }]], ["first", "value", "last"])).toString()).toBe(
      `\t${expected}\t0\n`,
    );
  });

  test.each([
    ["a NUL character", "a\0b", /holds a NUL character: got U\+0000.*record 2 of the load.*value/],
    ["half a surrogate pair", "\ud800", /holds half a surrogate pair.*record 2 of the load.*value/],
    ["a date that is none", new Date(Number.NaN), /a date is not one: got Invalid Date.*record 2 of the load.*value/],
  ])("refuses %s by its record and column", async (_what, value, message) => {
    await expect(encode([[{ value: "fine" }, { value }]], ["value"])).rejects.toThrow(message);
  });

  test("cuts buffers of some 64 KiB between rows, whatever the batches are", async () => {
    const row = { text: "ä".repeat(100) };
    const buffers = await encode(
      Array.from({ length: 50 }, () => Array(40).fill(row)),
      ["text"],
    );

    expect(buffers.length).toBeGreaterThan(2);
    expect(buffers.every((buffer) => buffer.at(-1) === 10)).toBe(true);
    expect(Math.max(...buffers.map(({ length }) => length))).toBeLessThan(2 * 65_536 + 1024);
    expect(Buffer.concat(buffers).length).toBe(2000 * 201);
  });

  test("lets the event loop turn between buffers", async () => {
    const turns: string[] = [];
    const timer = setInterval(() => turns.push("turn"), 0);
    const batch = Array(1000).fill({ text: "x".repeat(100) });
    async function* records() {
      for (let count = 0; count < 200; count += 1) yield batch;
    }
    for await (const _buffer of encodeCopyText(records(), ["text"], () => undefined));
    clearInterval(timer);

    expect(turns.length).toBeGreaterThan(2);
  });
});
