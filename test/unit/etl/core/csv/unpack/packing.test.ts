import { gzipSync } from "node:zlib";
import { adviseOnText, isUtf16, packingOfBytes } from "../../../../../../etl/core/csv/unpack/packing";

describe("what a file is by its first bytes", () => {
  const latin1 = (text: string) => Buffer.from(text, "latin1");

  test.each([
    ["gzip", gzipSync("a,b"), "It is packed by gzip: unpack it, or give its name the ending .gz"],
    [
      "zstd",
      Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 4]),
      "It is packed by zstd: unpack it, or give its name the ending .zst",
    ],
    ["zip", latin1("PK\x03\x04\x14 a.csv"), "It is packed by zip. Unpack it first"],
    [
      "xlsx",
      latin1("PK\x03\x04\x14 [Content_Types].xml"),
      "It is a workbook of Excel (.xlsx). Save it as CSV in UTF-8",
    ],
    ["an empty zip", latin1(`PK\x05\x06${"\0".repeat(18)}`), "It is an empty zip. Upload it again, with the CSV"],
    ["UTF-32", latin1("\xff\xfea\0".replace("a", "\0")), "It is UTF-32. Save it as CSV in UTF-8"],
    [
      "UTF-32 without a mark",
      latin1([..."id,b\n"].map((sign) => `${sign}\0\0\0`).join("")),
      "It is UTF-32. Save it as CSV in UTF-8",
    ],
    [
      "UTF-32, big end first",
      latin1([..."id,b\n"].map((sign) => `\0\0\0${sign}`).join("")),
      "It is UTF-32. Save it as CSV in UTF-8",
    ],
    ["PNG", latin1("\x89PNG\r\n\x1a\n\0\0"), "It is a PNG image. Upload the CSV"],
    ["tar", latin1(`${"a.csv".padEnd(257, "\0")}ustar\0`), "It is a tar. Unpack it first"],
    ["bzip2", latin1("BZh91AY\xff"), "It is packed by bzip2. Unpack it first"],
    ["xz", latin1("\xfd7zXZ\x00\x00"), "It is packed by xz. Unpack it first"],
    ["xls", latin1("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "It is a workbook of Excel (.xls). Save it as CSV in UTF-8"],
    ["PDF", latin1("%PDF-1.7\xff"), "It is a PDF. Save it as CSV in UTF-8"],
    ["Parquet", latin1("PAR1\xff"), "It is a Parquet file. Convert it to CSV"],
    [
      "UTF-16, little end first",
      Buffer.from("\uFEFFid,name", "utf16le"),
      "It is UTF-16: convert it with iconv -f UTF-16 -t UTF-8",
    ],
    [
      "UTF-16, big end first",
      Buffer.from("\uFEFFid,name", "utf16le").swap16(),
      "It is UTF-16: convert it with iconv -f UTF-16 -t UTF-8",
    ],
    ["Latin 1", latin1("caf\xe9"), "Convert it, for example with iconv -f WINDOWS-1252 -t UTF-8"],
    [
      "UTF-8 that was cut",
      Buffer.from("Köln, “Größe”").subarray(0, -1),
      "Most of it is UTF-8, but not all: ask for one encoding",
    ],
    [
      "code page 850",
      latin1("M\x81ller,Stra\xe1e"),
      "It is not windows-1252 either, but perhaps cp850 or cp437, as of a command window of Windows: ask for UTF-8",
    ],
    ["Windows", latin1("\x93caf\xe9\x94 \x80"), "Convert it, for example with iconv -f WINDOWS-1252 -t UTF-8"],
  ])("%s", (_name, bytes, advice) => {
    expect(adviseOnText(bytes)).toBe(advice);
  });

  test("UTF-16 without a mark is known by its NULs, text is not", () => {
    expect(isUtf16(Buffer.from("id,name\n1,a", "utf16le"))).toBe(true);
    expect(isUtf16(Buffer.from("id,name\n1,\0"))).toBe(false);
    expect(isUtf16(Buffer.alloc(0))).toBe(false);
    // Small files of programs.
    expect(isUtf16(Buffer.from([0, 1]))).toBe(false);
    expect(isUtf16(Buffer.from([0]))).toBe(false);
  });

  test("only what can be unpacked as a stream is a packing", () => {
    expect(packingOfBytes(gzipSync("a"))).toBe("gzip");
    expect(packingOfBytes(latin1("PK\x03\x04"))).toBe("zip");
    expect(packingOfBytes(latin1("BZh"))).toBe("none");
    expect(packingOfBytes(Buffer.alloc(0))).toBe("none");
  });
});
