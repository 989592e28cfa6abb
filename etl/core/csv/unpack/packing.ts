import { startsWith } from "../../contract/fields/bytes";
import { EncodingEvidence } from "./encoding-evidence";

/** How a body is packed. */
export type Packing = "none" | "gzip" | "zstd" | "zip";

interface Format {
  readonly is: string;
  readonly signature: Buffer;
  readonly packing?: Exclude<Packing, "none">;
  readonly fix?: string;
}

const UNPACK = "Unpack it first";
const SAVE = "Save it as CSV in UTF-8";

/**
 * First bytes of files that are not CSV: RFC 1952 (gzip), RFC 8878 (zstd), PKWARE's APPNOTE.TXT (zip), "The .xz File
 * Format", 7-Zip's 7zFormat.txt, [MS-CFB] (old Office), ISO 32000 (PDF), Apache Parquet's format; the others as file(1)
 * knows them.
 */
const FORMATS: readonly Format[] = [
  { is: "packed by gzip", signature: Buffer.from([0x1f, 0x8b]), packing: "gzip" },
  { is: "packed by zstd", signature: Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), packing: "zstd" },
  { is: "packed by zip", signature: Buffer.from("PK\u0003\u0004"), packing: "zip", fix: UNPACK },
  { is: "an empty zip", signature: Buffer.from("PK\u0005\u0006"), fix: "Upload it again, with the CSV" },
  { is: "UTF-32", signature: Buffer.from([0xff, 0xfe, 0, 0]), fix: SAVE },
  { is: "UTF-32", signature: Buffer.from([0, 0, 0xfe, 0xff]), fix: SAVE },
  { is: "packed by bzip2", signature: Buffer.from("BZh"), fix: UNPACK },
  { is: "packed by xz", signature: Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]), fix: UNPACK },
  { is: "packed by 7-Zip", signature: Buffer.from([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]), fix: UNPACK },
  { is: "packed by RAR", signature: Buffer.from("Rar!"), fix: UNPACK },
  {
    is: "a workbook of Excel (.xls)",
    signature: Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]),
    fix: SAVE,
  },
  {
    is: "a PNG image",
    signature: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    fix: "Upload the CSV",
  },
  { is: "a JPEG image", signature: Buffer.from([0xff, 0xd8, 0xff]), fix: "Upload the CSV" },
  { is: "a GIF image", signature: Buffer.from("GIF8"), fix: "Upload the CSV" },
  { is: "a database of SQLite", signature: Buffer.from("SQLite format 3\0"), fix: "Export its table as CSV" },
  { is: "a PDF", signature: Buffer.from("%PDF-"), fix: SAVE },
  { is: "a Parquet file", signature: Buffer.from("PAR1"), fix: "Convert it to CSV" },
];

/** Where a tar of POSIX and of GNU names itself. */
const TAR_AT = 257;
const TAR = Buffer.from("ustar");
const TAR_FORMAT: Format = { is: "a tar", signature: TAR, fix: UNPACK };

const UTF32_FORMAT: Format = { is: "UTF-32", signature: Buffer.alloc(0), fix: SAVE };
/** Fewer NULs may be of anything. */
const LEAST_NULS = 4;

/** The number of bytes that identify a file's format. */
export const SIGNATURE_BYTES = 8;
/** A workbook of Excel is a zip that has this entry near its beginning ([MS-OFFCRYPTO], "Open Packaging Conventions"). */
const WORKBOOK = "[Content_Types].xml";
const UTF16_MARKS = [Buffer.from([0xff, 0xfe]), Buffer.from([0xfe, 0xff])];
const NUL = 0;

/** How a body is packed, by its first bytes. */
export function packingOfBytes(first: Uint8Array): Packing {
  return formatOf(first)?.packing ?? "none";
}

function formatOf(bytes: Uint8Array): Format | undefined {
  const isTar = startsWith(bytes, TAR_AT, TAR);
  if (isTar) return TAR_FORMAT;
  return (
    FORMATS.find(({ signature }) => startsWith(bytes, 0, signature)) ?? (isUtf32(bytes) ? UTF32_FORMAT : undefined)
  );
}

/** Without a mark, by the three NULs beside each character of ASCII, in either order. */
function isUtf32(bytes: Uint8Array): boolean {
  const some = bytes.subarray(0, 64);
  const isAsciiAt = (place: number) =>
    some.every((byte, at) => (at % 4 === place ? byte > 8 && byte < 0x80 : byte === NUL));
  return some.length >= 16 && (isAsciiAt(0) || isAsciiAt(3));
}

/** What to do with bytes of a format that is neither text nor unpacked here; undefined for others. */
export function adviseOnFormat(bytes: Uint8Array): string | undefined {
  const format = formatOf(bytes);
  return format === undefined || format.packing !== undefined ? undefined : `It is ${format.is}. ${format.fix}`;
}

/** What to do with bytes that are not UTF-8. */
export function adviseOnText(bytes: Uint8Array = new Uint8Array()): string {
  if (isUtf16(bytes)) return "It is UTF-16: convert it with iconv -f UTF-16 -t UTF-8";
  const format = formatOf(bytes);
  if (format?.packing !== undefined && format.packing !== "zip") {
    return `It is ${format.is}: unpack it, or give its name the ending ${format.packing === "gzip" ? ".gz" : ".zst"}`;
  }
  if (format !== undefined) {
    const isWorkbook = Buffer.from(bytes.subarray(0, 4_096)).includes(WORKBOOK);
    return isWorkbook ? `It is a workbook of Excel (.xlsx). ${SAVE}` : `It is ${format.is}. ${format.fix}`;
  }
  const evidence = new EncodingEvidence("windows-1252");
  evidence.add(bytes);
  evidence.end();
  if (evidence.utf8 > evidence.others) return "Most of it is UTF-8, but not all: ask for one encoding";
  if (evidence.firstUndefined !== undefined)
    return "It is not windows-1252 either, but perhaps cp850 or cp437, as of a command window of Windows: ask for UTF-8";
  return "Convert it, for example with iconv -f WINDOWS-1252 -t UTF-8";
}

/** Like {@link adviseOnText}, with a contract: it may name the encoding. */
export function adviseOnEncoding(bytes: Uint8Array): string {
  const advice = adviseOnText(bytes);
  if (!advice.includes("iconv")) return advice;
  return `${advice}, or set encoding: ${isUtf16(bytes) ? "utf-16" : "windows-1252"} in the contract`;
}

/** With its mark, or by the NUL that each ASCII character has beside it. */
export function isUtf16(bytes: Uint8Array): boolean {
  if (formatOf(bytes) !== undefined) return false;
  if (UTF16_MARKS.some((mark) => startsWith(bytes, 0, mark))) return true;
  const some = bytes.subarray(0, 4_096);
  const zeros = [0, 0];
  some.forEach((byte, at) => {
    if (byte === NUL) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1;
  });
  // In binary data they are on either side.
  const [fewer = 0, more = 0] = zeros.sort((a, b) => a - b);
  return more >= LEAST_NULS && more * 3 > some.length && fewer * 8 < more;
}
