import type { Encoding } from "../../../../../../etl/core/contract/contract";
import { toUtf8 } from "../../../../../../etl/core/csv/unpack/to-utf8";
import { bytesOf } from "../../../../../support/files/bytes";

async function read(bytes: Uint8Array, encoding: Encoding, piece: number): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const bytesRead of toUtf8(bytesOf(bytes, piece), encoding, "a.csv")) pieces.push(bytesRead);
  return Buffer.concat(pieces).toString();
}

const TEXT = "ö€🙂Ċ,\n";
const little = Buffer.from(`\uFEFF${TEXT}`, "utf16le");

describe("text of another encoding", () => {
  test.each<[string, Uint8Array, Encoding, string]>([
    ["UTF-16 with its mark", little, "utf-16", `\uFEFF${TEXT}`],
    ["UTF-16 the other way round", Buffer.from(little).swap16(), "utf-16", `\uFEFF${TEXT}`],
    ["UTF-16 without a mark", Buffer.from(TEXT, "utf16le"), "utf-16", TEXT],
    ["of Windows", Buffer.from([0x93, 0x61, 0xe9, 0x94, 0x20, 0x80]), "windows-1252", "“aé” €"],
    [
      "ISO 8859-1, where these bytes are control characters",
      Buffer.from([0x93, 0x61, 0xe9, 0x80]),
      "iso-8859-1",
      "\u0093aé\u0080",
    ],
    ["UTF-8 as it stands", Buffer.from([0x61, 0xff]), "utf-8", "a\uFFFD"],
  ])("%s becomes UTF-8, whatever the pieces", async (_what, bytes, encoding, text) => {
    for (const piece of [1, 2, 3, 1_000]) expect(await read(bytes, encoding, piece)).toBe(text);
  });

  test("is refused where it is not of that encoding", async () => {
    await expect(read(Buffer.from([0x61, 0x00, 0x62]), "utf-16", 2)).rejects.toThrow(
      /not utf-16 text: got an end in the middle.*a\.csv, byte 3.*damaged/,
    );
    await expect(read(Buffer.from([0x00, 0xd8, 0x62, 0x00]), "utf-16", 2)).rejects.toThrow(
      /got half of a character.*a\.csv, bytes 2 to 4.*damaged/,
    );
    await expect(read(Buffer.from([0x61]), "utf-16", 2)).rejects.toThrow(/got an end in the middle.*a\.csv, byte 1/);
  });
});
