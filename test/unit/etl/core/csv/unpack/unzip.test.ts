import { strToU8, Zip, ZipDeflate, zipSync } from "fflate";
import { unpackByContent } from "../../../../../../etl/core/csv/unpack/unpack";
import { CsvError } from "../../../../../../etl/core/errors";
import { bytesOf } from "../../../../../support/files/bytes";

const LONG = "id,count\n".repeat(100_000);

async function unpacked(zip: Uint8Array, piece: number): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const bytes of unpackByContent(bytesOf(zip, piece), "s3://in/a.zip")) pieces.push(bytes);
  return Buffer.concat(pieces).toString();
}

/** As programs write it that do not know the size beforehand. */
function streamed(text: string): Uint8Array {
  const pieces: Uint8Array[] = [];
  const zip = new Zip((_, data) => void pieces.push(data));
  const file = new ZipDeflate("a.csv");
  zip.add(file);
  file.push(strToU8(text), true);
  zip.end();
  return Buffer.concat(pieces);
}

function damaged(zip: Uint8Array, at: number, bits = 1): Uint8Array {
  return zip.with(at, (zip[at] ?? 0) ^ bits);
}

/** The header of `a.csv` takes so much. */
const HEADER = 35;
const STORED = zipSync({ "a.csv": [strToU8(LONG), { level: 0 }] });
const DEFLATED = zipSync({ "a.csv": strToU8(LONG) });
const STREAMED = streamed(LONG);
const SHORT = "id,count\na1,b2\nc3,d4\n";
/** Nothing in it comes twice: most that is turned can be inflated still. */
const LITERAL = zipSync({ "a.csv": strToU8(SHORT) });
/** Without it, it is no zip. */
const SIGNATURE = 4;

describe("a zip of one file", () => {
  test.each([
    ["deflated", zipSync({ "a.csv": strToU8(LONG) })],
    ["stored", zipSync({ "a.csv": [strToU8(LONG), { level: 0 }] })],
    [
      "in a folder, from macOS",
      zipSync({ "b/": strToU8(""), "b/a.csv": strToU8(LONG), "__MACOSX/b/._a.csv": strToU8("x") }),
    ],
    ["streamed, without its size ahead", STREAMED],
    ["with a comment behind it", zipSync({ "a.csv": strToU8(LONG) }, { comment: "PK ".repeat(20_000) })],
  ])("is unpacked: %s", async (_how, zip) => {
    expect(await unpacked(zip, 1_000)).toBe(LONG);
    expect(await unpacked(zip, 65_536)).toBe(LONG);
  });

  test.each([
    [
      "several files",
      zipSync({ "a.csv": strToU8("a"), "b.csv": strToU8("b") }),
      /several files.*a\.csv, b\.csv.*s3:\/\/in\/a\.zip/,
    ],
    ["no file", zipSync({ "b/": strToU8("") }), /no file in it/],
    [
      "a workbook",
      zipSync({ "[Content_Types].xml": strToU8("<x/>"), "xl/workbook.xml": strToU8("<x/>") }),
      /workbook of Excel \(\.xlsx\).*Save it as CSV/,
    ],
    ["another zip", zipSync({ "a.zip": zipSync({ "a.csv": strToU8("a") }) }), /packed twice/],
    ["only a half", zipSync({ "a.csv": [strToU8(LONG), { level: 0 }] }).subarray(0, 100_000), /cannot be unpacked/],
    ["a half that is deflated", zipSync({ "a.csv": strToU8(LONG) }).subarray(0, 1_000), /cannot be unpacked/],
    [
      "a damaged file that is stored",
      damaged(STORED, HEADER + 500_000),
      /a\.csv does not match the zip's own checksum/,
    ],
    ["a damaged file that is deflated", damaged(DEFLATED, 500), /cannot be unpacked/],
    ["a damaged file that is streamed", damaged(STREAMED, 500), /cannot be unpacked/],
    ["all but its last byte", DEFLATED.subarray(0, -1), /cannot be unpacked.*it ends before its directory does.*whole/],
    [
      "all but its directory",
      STORED.subarray(0, HEADER + LONG.length),
      /cannot be unpacked.*it ends before its directory does.*whole/,
    ],
    ["another compression", damaged(DEFLATED, 8), /method that is not supported.*got deflate64.*Pack it with deflate/],
    ["bzip2", damaged(DEFLATED, 8, 8 ^ 12), /got bzip2 \(method 12\).*s3:\/\/in\/a\.zip.*Pack it with deflate/],
    ["a method of the future", damaged(DEFLATED, 8, 8 ^ 77), /got unknown \(method 77\)/],
    ["a password", damaged(STORED, 6), /This zip has a password.*s3:\/\/in\/a\.zip.*Pack it without one/],
  ])("is refused with %s in it", async (_what, zip, message) => {
    await expect(unpacked(zip, 1_000)).rejects.toThrow(message);
  });

  test("never gives other bytes, whichever of its bits is turned", async () => {
    // Act
    const given = await Promise.all(
      Array.from({ length: (LITERAL.length - SIGNATURE) * 8 }, (_, bit) =>
        unpacked(damaged(LITERAL, SIGNATURE + (bit >> 3), 1 << (bit & 7)), 7).catch((error) => {
          if (error instanceof CsvError) return "refused";
          throw error;
        }),
      ),
    );

    // Assess
    expect([...new Set(given)].sort()).toEqual([SHORT, "refused"]);
  });
});
