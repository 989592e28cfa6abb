import type { Encoding } from "../../../../../../etl/core/contract/contract";
import { toUtf8 } from "../../../../../../etl/core/csv/unpack/to-utf8";
import { bytesOf } from "../../../../../support/files/bytes";

async function read(bytes: Uint8Array, encoding: Encoding, piece: number): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const bytesRead of toUtf8(bytesOf(bytes, piece), encoding, "a.csv")) pieces.push(bytesRead);
  return Buffer.concat(pieces).toString();
}

const latin1 = (text: string) => Buffer.from(text, "latin1");
const TEXT = "ö€🙂Ċ,\n";
const little = Buffer.from(`\uFEFF${TEXT}`, "utf16le");

describe("text of another encoding", () => {
  test.each<[string, Uint8Array, Encoding, string]>([
    ["UTF-16 with its mark", little, "utf-16", `\uFEFF${TEXT}`],
    ["UTF-16 the other way round", Buffer.from(little).swap16(), "utf-16", `\uFEFF${TEXT}`],
    ["UTF-16 without a mark", Buffer.from(TEXT, "utf16le"), "utf-16", TEXT],
    ["of Windows", Buffer.from([0x93, 0x61, 0xe9, 0x94, 0x20, 0x80]), "windows-1252", "“aé” €"],
    ["ISO 8859-1", Buffer.from([0xa7, 0x61, 0xe9, 0xff]), "iso-8859-1", "§aéÿ"],
    ["UTF-16 the other way round, without a mark", Buffer.from("a,ö\n", "utf16le").swap16(), "utf-16", "a,ö\n"],
    ["nothing, in UTF-16", new Uint8Array(), "utf-16", ""],
    [
      "of Windows, in which two characters are one of UTF-8",
      latin1("Spa\xdf\x94,\x84K\xf6ln"),
      "windows-1252",
      "Spaß”,„Köln",
    ],
    ["ASCII, whatever the contract says", Buffer.from("a,b\n"), "windows-1252", "a,b\n"],
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
  });

  const far = `id,name\n${"1,plain\n".repeat(10_000)}`;
  const others = "Ask for files of one encoding; if all are like this one, set encoding:";
  test.each<[string, Uint8Array, Encoding, string]>([
    [
      "UTF-8",
      Buffer.from("id,name\n1,Müller\n2,Größe €\n"),
      "windows-1252",
      `got 4 characters, the first of them here, of UTF-8, expected windows-1252, as the contract says (a.csv, line 2, byte 11). ${others} "utf-8" in the contract`,
    ],
    [
      "UTF-8 in its header alone",
      Buffer.from(`id,größe\n${"1,plain\n".repeat(10_000)}`),
      "iso-8859-1",
      "got 2 characters, the first of them here, of UTF-8, expected iso-8859-1, as the contract says (a.csv, line 1, byte 5)",
    ],
    [
      "UTF-8 in its last line alone",
      Buffer.from(`${far}2,Ö\n`),
      "windows-1252",
      "got a character of UTF-8, expected windows-1252, as the contract says (a.csv, line 10002, byte 80010)",
    ],
    [
      "UTF-8 with a letter that has a byte unknown to Windows",
      Buffer.from(`${far}2,Árbol\n`),
      "windows-1252",
      "got a character of UTF-8,",
    ],
    [
      "UTF-8 for the most part",
      Buffer.concat([Buffer.from("1,Größe\n"), latin1("2,K\xf6ln\n")]),
      "windows-1252",
      "got 2 characters, the first of them here, of UTF-8, and 1 other byte beyond ASCII, expected windows-1252, as the contract says (a.csv, line 1, byte 4). Ask for files of one encoding, and",
    ],
    [
      "UTF-8 with its mark",
      Buffer.from("\uFEFFid,name\n"),
      "windows-1252",
      `got the byte order mark of UTF-8, expected windows-1252, as the contract says (a.csv, byte 0). ${others} "utf-8"`,
    ],
    [
      "UTF-16",
      little,
      "windows-1252",
      `got UTF-16, expected windows-1252, as the contract says (a.csv, byte 0). ${others} "utf-16"`,
    ],
    ["UTF-16 without a mark", Buffer.from("id,name\n", "utf16le"), "iso-8859-1", "got UTF-16, expected iso-8859-1"],
    [
      "code page 850",
      latin1(`${far}2,Stra\xe1e,M\x81ller\n`),
      "windows-1252",
      "got a byte at which it has no character, expected windows-1252, as the contract says (a.csv, line 10002, byte 80018). It may be cp850",
    ],
    [
      "of Windows",
      latin1("1,5 \x80\n"),
      "iso-8859-1",
      `got a byte at which it has no character, expected iso-8859-1, as the contract says (a.csv, line 1, byte 4). ${others} "windows-1252"`,
    ],
    [
      "ASCII",
      Buffer.from("id,name\n"),
      "utf-16",
      "got neither its byte order mark nor a NUL, expected utf-16, as the contract says (a.csv, byte 0). Ask for files of one encoding",
    ],
    ["a PDF", Buffer.from("%PDF-1.7\0\0"), "utf-16", "It is a PDF. Save it as CSV in UTF-8"],
  ])("%s is refused by the contract of another one, whatever the pieces", async (_what, bytes, encoding, message) => {
    for (const piece of [1, 3, 7, 65_536]) {
      await expect(read(bytes, encoding, piece)).rejects.toThrow(message);
    }
  });
});
