import { gzipSync } from "node:zlib";
import { strToU8, zipSync } from "fflate";
import type { Column } from "../../../etl/core/contract/column";
import type { Feed } from "../../../etl/core/contract/contract";

/** A made-up file of a kind that people have, and what a feed of it is. */
export interface OddFile {
  readonly kind: string;
  readonly content: string | Buffer;
  /** Given, where several columns could be it. Default: the one that is found. */
  readonly key?: readonly string[];
  readonly csv?: Omit<Partial<Feed>, "columns">;
  /** Columns, or a part of what they are; a text is a type alone. All, in their order. */
  readonly columns: Readonly<Record<string, Partial<Column> | Column["type"]>>;
  /** Words of notes, by column. */
  readonly notes?: Readonly<Record<string, string>>;
  readonly rows: number;
  readonly rejected?: number;
  readonly superseded?: number;
  readonly leftOut?: readonly string[];
}

const lines = (...rows: readonly string[]) => `${rows.join("\n")}\n`;
const numbered = (rows: number, row: (number: number) => string) =>
  Array.from({ length: rows }, (_, at) => row(at + 1));

export const ODD_FILES: readonly OddFile[] = [
  {
    kind: "Excel's semicolons and decimal commas",
    content: lines("Nr;Betrag;Gewicht", "1;1.234,50;0,125", "2;-12,00;1,5", "3;7,10;12,25"),
    key: ["nr"],
    csv: { delimiter: ";" },
    columns: {
      nr: { type: "bigint", header: "Nr" },
      betrag: { type: "numeric", precision: 14, scale: 2, decimal: ",", thousands: "." },
      gewicht: { type: "numeric", precision: 15, scale: 3, decimal: "," },
    },
    rows: 3,
  },
  {
    kind: "thousands with commas, in quotes",
    content: lines("id,amount,units", '1,"1,234.50","12,000"', '2,"12.00","1,500"', '3,7.1,"900"'),
    key: ["id"],
    columns: {
      id: "bigint",
      amount: { type: "numeric", thousands: ",", scale: 2 },
      units: { type: "integer", thousands: "," },
    },
    rows: 3,
  },
  {
    kind: "Oracle's numbers without a digit before the point",
    content: lines('"ID","RATE"', "1,.5", "2,-.25", "3,12.75"),
    key: ["id"],
    columns: { id: { type: "bigint", header: "ID" }, rate: { type: "text" } },
    notes: { rate: "no digit before the point" },
    rows: 3,
  },
  {
    kind: "German days",
    content: lines("id,von,bis", "1,27.08.2026,1.9.2026", "2,28.08.2026,12.10.2026"),
    key: ["id"],
    columns: { id: "bigint", von: { type: "date", format: "DD.MM.YYYY" }, bis: { type: "date", format: "D.M.YYYY" } },
    rows: 2,
  },
  {
    kind: "days of America, which another column tells",
    content: lines("id,sent,read", "1,08/27/2026,01/02/2026", "2,08/28/2026,02/03/2026"),
    key: ["id"],
    columns: {
      id: "bigint",
      sent: { type: "date", format: "MM/DD/YYYY" },
      read: { type: "date", format: "MM/DD/YYYY" },
    },
    rows: 2,
  },
  {
    kind: "days that may be of either order",
    content: lines("id,sent", "1,01/02/2026", "2,02/03/2026"),
    key: ["id"],
    columns: { id: "bigint", sent: "text" },
    notes: { sent: "days, either " },
    rows: 2,
  },
  {
    kind: "days in several forms",
    content: lines("id,day", "1,2026-08-27", "2,28.08.2026", "3,8/29/2026"),
    key: ["id"],
    columns: { id: "bigint", day: "text" },
    notes: { day: "in more than one form" },
    rows: 3,
  },
  {
    kind: "days with names of months",
    content: lines("id,day", "1,27-Aug-2026", "2,28-Aug-26"),
    key: ["id"],
    columns: { id: "bigint", day: "text" },
    notes: { day: "no format describes" },
    rows: 2,
  },
  {
    kind: "a quoted header, and names that need quotes",
    content: lines(
      '"Order, no","Größe (cm)","select","2026","a_column_name_which_is_longer_than_the_sixty_three_bytes_postgres_keeps_of_it"',
      "7,1.5,x,1,y",
      "8,2.5,x,1,y",
    ),
    key: ["order_no"],
    columns: {
      order_no: { type: "bigint", header: "Order, no" },
      grosse_cm: { type: "numeric", header: "Größe (cm)" },
      select: "text",
      column_2026: { type: "integer", header: "2026" },
      a_column_name_which_is_longer_than_the_sixty_three_bytes_postgr: "text",
    },
    rows: 2,
  },
  {
    kind: "one column",
    content: lines("code", "alpha", "beta, with a comma", "gamma"),
    columns: { code: "text" },
    csv: { delimiter: ";" },
    rows: 3,
  },
  {
    kind: "300 columns",
    content: lines(
      numbered(300, (at) => `c${at}`).join(),
      ...numbered(5, (row) => numbered(300, (at) => (at === 1 ? `${row}` : "4")).join()),
    ),
    columns: Object.fromEntries(numbered(300, (at) => `c${at}`).map((name) => [name, "integer"])),
    rows: 5,
  },
  {
    kind: "ids beyond 2^53, and beyond 64 bits",
    content: lines("id,hash", "9007199254740993,18446744073709551615", "9007199254740995,18446744073709551614"),
    key: ["id"],
    columns: { id: "bigint", hash: { type: "numeric", scale: 0 } },
    rows: 2,
  },
  {
    kind: "ids with leading zeros, and telephone numbers",
    content: lines("id,plz,phone", "001,01067,+49 351 1234567", "002,80331,+49 89 1234567"),
    key: ["id"],
    columns: { id: "text", plz: { type: "text", sensitive: true }, phone: { type: "text", sensitive: true } },
    notes: { id: "leading zeros" },
    rows: 2,
  },
  {
    kind: "empty columns, and words for nothing",
    content: lines("id,none,amount,day,name", "1,,NULL,2026-01-05,NULL", "2,,1.5,0000-00-00,Ann", "3,,n/a,-,-"),
    key: ["id"],
    columns: {
      id: "bigint",
      none: { type: "text", nullable: true },
      amount: { type: "numeric", nullable: true, nullText: ["NULL", "n/a"] },
      day: { type: "date", nullable: true, nullText: ["0000-00-00", "-"] },
      name: { type: "text", nullable: true, nullText: "NULL" },
    },
    notes: { none: "no value", name: '"-" appears in some rows' },
    rows: 3,
  },
  {
    kind: "UTF-16",
    content: Buffer.from(`\uFEFF${lines("id\tname", "1\tžlutý kůň", "2\tpes")}`, "utf16le"),
    key: ["id"],
    csv: { encoding: "utf-16", delimiter: "\t" },
    columns: { id: "bigint", name: "text" },
    rows: 2,
  },
  {
    kind: "windows-1252",
    content: Buffer.from(lines("id,price,städte", "1,5 \u0080,Köln", "2,7 \u0080,Düren"), "latin1"),
    key: ["id"],
    csv: { encoding: "windows-1252" },
    columns: { id: "bigint", price: "text", stadte: { type: "text", header: "städte" } },
    notes: { price: "signs of a currency" },
    rows: 2,
  },
  {
    kind: "a byte order mark",
    content: `\uFEFF${lines("id,a", "1,x", "2,x")}`,
    columns: { id: "bigint", a: "text" },
    rows: 2,
  },
  { kind: "gzip", content: gzipSync(lines("id,a", "1,x", "2,x")), columns: { id: "bigint", a: "text" }, rows: 2 },
  {
    kind: "zip",
    content: Buffer.from(zipSync({ "a.csv": strToU8(lines("id,a", "1,x", "2,x")) })),
    columns: { id: "bigint", a: "text" },
    rows: 2,
  },
  {
    kind: "bars",
    content: lines("id|a", "1|x, y", "2|x, y"),
    csv: { delimiter: "|" },
    columns: { id: "bigint", a: "text" },
    rows: 2,
  },
  {
    kind: "no header",
    content: lines("1,2026-01-05,Ann", "2,2026-01-06,Bob", "3,2026-01-07,Ann"),
    key: ["column_1"],
    csv: { header: false },
    columns: { column_1: "integer", column_2: "date", column_3: "text" },
    rows: 3,
  },
  {
    kind: "names that stand twice in the header, and a delimiter at the end of each row",
    content: lines("id,amount,day,amount,", "1,2,2026-01-05,3,", "2,2,2026-01-05,3,"),
    columns: { id: "bigint", day: "date" },
    leftOut: ['"amount" appears in the header more than once'],
    rows: 2,
  },
  {
    kind: "words for true and false",
    content: lines("id,a,b,is_new,bit,d", "1,true,Y,1,1,yes", "2,FALSE,n,1,0,1"),
    key: ["id"],
    columns: { id: "bigint", a: "boolean", b: "boolean", is_new: "boolean", bit: "integer", d: "text" },
    rows: 2,
  },
  {
    kind: "times with and without zones",
    content: lines(
      "id,a,b,c,d,e",
      "1,2026-01-05T10:00:00Z,2026-01-05 10:00:00.123,05/13/2026 9:05 PM,2026-01-05 10:00:00 +0100,20260105",
      "2,2026-01-05T10:00:00+01:00,2026-01-05 10:00:01,05/13/2026 10:05 AM,2026-01-06 10:00:00 +0100,20260106",
    ),
    key: ["id"],
    columns: {
      id: "bigint",
      a: { type: "timestamptz" },
      b: { type: "timestamp" },
      c: { type: "timestamp", format: "MM/DD/YYYY h:mm A" },
      d: { type: "timestamptz", format: "YYYY-MM-DD HH:mm:ss Z" },
      e: "integer",
    },
    rows: 2,
  },
  {
    kind: "numbers with brackets, percent and euro signs",
    content: lines("id,a,b,c", '1,(12.50),5%,"€ 1,000"', '2,7.00,12%,"€ 20"'),
    key: ["id"],
    columns: { id: "bigint", a: "text", b: "text", c: "text" },
    notes: { a: "brackets", b: "percent signs", c: "signs of a currency" },
    rows: 2,
  },
  {
    kind: "CRLF, and line breaks in quotes",
    content: 'id,a\r\n1,"x\r\ny"\r\n2,z\r\n',
    key: ["id"],
    csv: { quotedLineBreaks: true },
    columns: { id: "bigint", a: "text" },
    rows: 2,
  },
  {
    kind: "a header of two lines",
    content: 'id,"amount\n(EUR)"\n1,2.5\n2,2.5\n',
    csv: { quotedLineBreaks: true },
    columns: { id: "bigint", amount_eur: { type: "numeric", header: "amount\n(EUR)" } },
    rows: 2,
  },
  {
    kind: "ragged rows",
    content: lines("id,a", "1,x", "2,x,y", "3", "4,x", "5,x", "6,x"),
    csv: { maxRejected: { rows: 2 } },
    columns: { id: "bigint", a: "text" },
    rows: 6,
    rejected: 2,
  },
  {
    kind: "a broken quote",
    content: lines("id,a", "1,x", '2,"x', "3,x", "4,x"),
    csv: { quotedLineBreaks: true, maxRejected: { rows: 1 } },
    columns: { id: "bigint", a: "text" },
    rows: 4,
    rejected: 1,
  },
  {
    kind: "NUL characters",
    content: lines("id,a", "1,x", "2,x\0", "3,x"),
    csv: { maxRejected: { rows: 1 } },
    columns: { id: "bigint", a: "text" },
    rows: 3,
    rejected: 1,
  },
  {
    kind: "a key of two columns",
    content: lines("shop,line,note", ...["a,1,x", "a,2,x", "b,1,x", "b,2,x", "b,3,x"]),
    columns: { shop: "text", line: "integer", note: "text" },
    rows: 5,
  },
  {
    kind: "no key at all, and one that is given",
    content: lines("shop,note", "a,x", "a,x", "b,x"),
    key: ["shop"],
    columns: { shop: "text", note: "text" },
    rows: 3,
    superseded: 1,
  },
  {
    kind: "a header and no row",
    content: lines("id,a"),
    key: ["id"],
    columns: { id: { type: "text" }, a: { type: "text", nullable: true } },
    rows: 0,
  },
  {
    kind: "UUIDs, JSON, exponents, and coordinates",
    content: lines(
      "id,doc,e,lat",
      '1a2b3c4d-0000-4000-8000-000000000001,"{""a"":1}",1.5e-7,40.182400000000001',
      '1a2b3c4d-0000-4000-8000-000000000002,"{""a"":1}",2,-3.5',
    ),
    key: ["id"],
    columns: { id: "uuid", doc: "json", e: "double", lat: "double" },
    rows: 2,
  },
];
