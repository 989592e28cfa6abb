import { gzipSync } from "node:zlib";
import { strToU8, zipSync } from "fflate";
import type { Feed } from "../../../etl/core/contract/contract";
import { defineFeed } from "../../../etl/core/contract/contract";

/** A file that a sender may have by mistake. */
export interface DoorFile {
  readonly kind: string;
  readonly content: string | Uint8Array;
  readonly csv?: Partial<Feed>;
}

/** A column of each kind that has something to say of a value. */
export const DOOR_FEED: Feed = defineFeed({
  name: "door",
  table: "door",
  columns: {
    id: { type: "bigint" },
    day: { type: "date", format: "DD.MM.YYYY" },
    amount: { type: "numeric", precision: 6, scale: 2, decimal: ",", thousands: "." },
    size: { type: "text", oneOf: ["small", "large"], nullable: true, nullText: "n/a" },
    code: { type: "text", pattern: "^[A-Z]{2}-\\d+$", header: ["Code", "code"] },
    doc: { type: "json", nullable: true },
  },
  key: ["id"],
  maxRejected: { rows: 20 },
});

const HEADER = "id,day,amount,size,Code,doc";
const GOOD = '1,27.08.2026,"1.234,50",small,AB-1,"{""a"":[1]}"';
const lines = (...rows: readonly string[]) => `${[HEADER, ...rows].join("\n")}\n`;
const BAD = [
  'x,27.08.2026,"1,50",small,AB-1,',
  '2,31.02.2026,"1,50",n/a,AB-1,',
  '3,27.08.2026,"1,505",medium,ab-1,{',
  "4,27.08.2026",
  '5,27.08.2026,"1,50',
  '6,27.08.2026,"1,50" more,small,AB-1,',
  '99999999999999999999,27.08.2026,"1,50",,AB-1,',
  '7,27.08.2026,"99.999,00",,"ÄÖ-1",',
  `8,27.08.2026,1,small,${"long ".repeat(400)},`,
  "",
  "9,27.08.2026,1,small,AB-\0,",
];
const TEXT = lines(GOOD, ...BAD, GOOD);

export const DOOR_FILES: readonly DoorFile[] = [
  { kind: "rows that break the contract in each way", content: TEXT },
  { kind: "the same with CRLF and a byte order mark", content: `\uFEFF${TEXT.replaceAll("\n", "\r\n")}` },
  { kind: "the same with line breaks in quotes", content: TEXT, csv: { quotedLineBreaks: true } },
  {
    kind: "a quoted field over lines",
    content: lines(GOOD, '2,27.08.2026,1,small,AB-1,"{\n""a"":1}"'),
    csv: { quotedLineBreaks: true },
  },
  {
    kind: "the same, sensitive",
    content: TEXT,
    csv: { columns: { ...DOOR_FEED.columns, id: { type: "bigint", sensitive: true } } },
  },
  { kind: "the same in gzip", content: gzipSync(TEXT) },
  { kind: "the same in zip", content: zipSync({ "a.csv": strToU8(TEXT) }) },
  { kind: "the same in UTF-16", content: Buffer.from(`\uFEFF${TEXT}`, "utf16le"), csv: { encoding: "utf-16" } },
  { kind: "the same in windows-1252", content: Buffer.from(TEXT, "latin1"), csv: { encoding: "windows-1252" } },
  { kind: "the same in iso-8859-1", content: Buffer.from(TEXT, "latin1"), csv: { encoding: "iso-8859-1" } },
  { kind: "more rejected rows than it may have", content: TEXT, csv: { maxRejected: { percent: 1 } } },
  {
    kind: "100,001 rejected rows",
    content: `${HEADER}\n${"x\n".repeat(100_001)}`,
    csv: { maxRejected: { percent: 100 } },
  },
  { kind: "no last newline", content: lines(GOOD, "x").trimEnd() },
  { kind: "a header alone", content: lines() },
  { kind: "nothing", content: "" },
  { kind: "no header", content: `${GOOD}\n` },
  { kind: "no header, as agreed", content: `${GOOD}\n${BAD[0]}\n`, csv: { header: false } },
  { kind: "a header in spite of the agreement", content: lines(GOOD), csv: { header: false } },
  { kind: "a column missing", content: "id,day,amount,size,doc\n1,2,3,4,5\n" },
  { kind: "a column twice", content: `${HEADER},id\n` },
  { kind: "a column too much, ignored", content: `${HEADER},more\n${GOOD},1\n` },
  { kind: "a column too much, warned of", content: `${HEADER},more\n${GOOD},1\n`, csv: { unknownColumns: "warn" } },
  { kind: "a column too much, refused", content: `${HEADER},more\n${GOOD},1\n`, csv: { unknownColumns: "fail" } },
  { kind: "a broken quote in its header", content: `"id,day\n${GOOD}\n` },
  { kind: "semicolons", content: `${HEADER.replaceAll(",", ";")}\n1;27.08.2026;1;small;AB-1;\n` },
  { kind: "a web page", content: "<!DOCTYPE html>\n<p>Not found, sorry</p>\n" },
  { kind: "JSON", content: '[{"id":1,"day":"27.08.2026"}]\n' },
  { kind: "latin1 in place of UTF-8", content: Buffer.from(lines(GOOD, '2,27.08.2026,1,"größe",AB-1,'), "latin1") },
  { kind: "UTF-8 in place of windows-1252", content: TEXT, csv: { encoding: "windows-1252" } },
  { kind: "its mark in place of windows-1252", content: `\uFEFF${lines(GOOD)}`, csv: { encoding: "windows-1252" } },
  { kind: "UTF-8 in place of UTF-16", content: TEXT, csv: { encoding: "utf-16" } },
  { kind: "code page 850", content: Buffer.from(lines(GOOD, "gr\x81n"), "latin1"), csv: { encoding: "windows-1252" } },
  { kind: "UTF-16 in place of UTF-8", content: Buffer.from(TEXT, "utf16le") },
  { kind: "a line beyond 1 MiB", content: lines(GOOD, "y".repeat(1_200_000)) },
  { kind: "a picture", content: Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, ...Array<number>(200).fill(0)]) },
  {
    kind: "an old workbook",
    content: Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, ...Array<number>(99).fill(0)]),
  },
  { kind: "a workbook", content: zipSync({ "[Content_Types].xml": strToU8("<x/>"), "xl/a.xml": strToU8("<x/>") }) },
  { kind: "a zip of two files", content: zipSync({ "a.csv": strToU8(TEXT), "b.csv": strToU8(TEXT) }) },
  { kind: "half a zip", content: zipSync({ "a.csv": strToU8(TEXT) }).subarray(0, 300) },
  { kind: "half a gzip", content: gzipSync(TEXT).subarray(0, 200) },
  { kind: "a gzip that is damaged", content: gzipSync(TEXT).fill(7, 100, 110) },
  { kind: "a gzip in a gzip", content: gzipSync(gzipSync(TEXT)) },
];
