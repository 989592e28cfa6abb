import { strToU8, Zip, ZipDeflate, zipSync } from "fflate";
import { unpackByContent } from "../../../../../../etl/core/csv/unpack/unpack";
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

describe("a zip of one file", () => {
  it.each([
    ["deflated", zipSync({ "a.csv": strToU8(LONG) })],
    ["stored", zipSync({ "a.csv": [strToU8(LONG), { level: 0 }] })],
    [
      "in a folder, from macOS",
      zipSync({ "b/": strToU8(""), "b/a.csv": strToU8(LONG), "__MACOSX/b/._a.csv": strToU8("x") }),
    ],
    ["streamed, without its size ahead", streamed(LONG)],
  ])("is unpacked: %s", async (_how, zip) => {
    expect(await unpacked(zip, 1_000)).toBe(LONG);
    expect(await unpacked(zip, 65_536)).toBe(LONG);
  });

  it.each([
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
  ])("is refused with %s in it", async (_what, zip, message) => {
    await expect(unpacked(zip, 1_000)).rejects.toThrow(message);
  });
});
