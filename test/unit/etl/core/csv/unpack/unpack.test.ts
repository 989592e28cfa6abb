import * as zlib from "node:zlib";
import { gzipSync } from "node:zlib";
import { unpack, unpackByContent } from "../../../../../../etl/core/csv/unpack/unpack";
import { CsvError, SourceError, UsageError } from "../../../../../../etl/core/errors";
import { bytesOf } from "../../../../../support/files/bytes";

async function text(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of bytes) parts.push(part);
  return Buffer.concat(parts).toString();
}

describe("unpack", () => {
  test("gives a packed body as it was, and several one after the other", async () => {
    const packed = Buffer.concat([gzipSync("a,b\n"), gzipSync("1,2\n")]);

    expect(await text(unpack(bytesOf(packed, 5), "gzip", "a.gz"))).toBe("a,b\n1,2\n");
    expect(await text(unpack(bytesOf("a,b\n"), "none", "a"))).toBe("a,b\n");
  });

  test("says what is wrong with a body that is cut off, or not packed", async () => {
    const packed = gzipSync("a,b\n".repeat(1000));

    await expect(text(unpack(bytesOf(packed.subarray(0, 20)), "gzip", "a.gz"))).rejects.toThrow(CsvError);
    await expect(text(unpack(bytesOf("a,b\n"), "gzip", "a.gz"))).rejects.toThrow(
      /cannot be unpacked.*expected gzip.*a\.gz/,
    );
  });

  test("says so of a large body that is not packed, and comes in pieces", async () => {
    const unpacked = text(unpack(bytesOf("a,b\n".repeat(100_000), 1_000), "gzip", "a.gz"));

    await expect(unpacked).rejects.toThrow(/cannot be unpacked.*expected gzip \(a\.gz\)/);
  });

  test("passes on that the source failed", async () => {
    const failing = async function* () {
      yield gzipSync("a,b\n").subarray(0, 5);
      throw new SourceError("gone");
    };

    await expect(text(unpack(failing(), "gzip", "a.gz"))).rejects.toThrow("gone");
  });

  test("unpacks zstd where Node can, and says which Node can", async () => {
    const { zstdCompressSync } = zlib as { readonly zstdCompressSync?: (text: string) => Buffer };
    const packed = zstdCompressSync?.("a,b\n") ?? Buffer.from("x");
    const unpacked = text(unpack(bytesOf(packed), "zstd", "a.zst"));

    if (zstdCompressSync !== undefined) expect(await unpacked).toBe("a,b\n");
    else await expect(unpacked).rejects.toThrow(UsageError);
  });

  test.each([
    ["damaged, or no zstd for this Node", Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 4, 0, 0, 0, 0])],
    ["packed twice", gzipSync(gzipSync("a,b\n"))],
  ])("closes a body that is refused early: %s", async (_what, body) => {
    let close = () => undefined as unknown;
    const closed = new Promise((resolve) => {
      close = () => resolve("closed");
    });
    async function* pieces() {
      try {
        yield* bytesOf(body);
        yield* bytesOf("more");
      } finally {
        close();
      }
    }

    await expect(text(unpackByContent(pieces(), "a.csv"))).rejects.toThrow();

    expect(await closed).toBe("closed");
  });
});
