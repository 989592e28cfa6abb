import { strToU8, zipSync } from "fflate";
import type { Bytes } from "../../../../../etl/core/ports";
import { nameColumns } from "../../../../../scripts/project/new-feed/guess/column-names";
import { guessFeed } from "../../../../../scripts/project/new-feed/guess/guess-feed";
import { profileCsv } from "../../../../../scripts/project/new-feed/profile/profile-csv";

async function* pieces(content: string | Buffer, size = 7): Bytes {
  const bytes = Buffer.from(content as string);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const profile = (content: string | Buffer) => profileCsv(pieces(content), "a.csv");

describe("encoding", () => {
  const ascii = `id,name\n${Array.from({ length: 2_000 }, (_, at) => `${at},plain\n`).join("")}`;

  test.each([
    ["utf-8", Buffer.from(`${ascii}2000,Köln\n`)],
    ["windows-1252", Buffer.from(`${ascii}2000,K\u00f6ln\n2001,5 \u0080\n`, "latin1")],
    ["utf-16", Buffer.from(`\uFEFF${ascii}2000,Köln\n`, "utf16le")],
  ])("%s is found, however far down it shows", async (encoding, bytes) => {
    const found = await profile(bytes);

    expect(found).toMatchObject({ encoding, broken: 0, width: 2 });
    expect(found.rows).toBeGreaterThan(2_000);
  });

  const windows = (text: string) => Buffer.from(text, "latin1");
  test.each<[string, readonly Buffer[], string]>([
    [
      "UTF-8, then windows-1252",
      [Buffer.from("id,a\n1,Köln\n"), windows("2,K\xf6ln\n")],
      "Parts of this file are UTF-8, and others are not: got UTF-8 in line 2, another encoding in line 3, expected one encoding (a.csv, line 3, byte 16)",
    ],
    [
      "UTF-8, far above windows-1252",
      [Buffer.from(`id,a\n1,Köln\n${ascii}`), windows("2,K\xf6ln\n")],
      "got UTF-8 in line 2, another encoding in line 2004",
    ],
    [
      "windows-1252, far above as much of UTF-8",
      [windows("id,a\n1,Gr\xf6\xdfe\n"), Buffer.from(`${ascii}1,Müller\n`)],
      "got UTF-8 in line 2004, another encoding in line 2",
    ],
    [
      "many letters of windows-1252, few of UTF-8",
      [windows(`id,a\n${"1,K\xf6ln\n".repeat(900)}`), Buffer.from("2,Düren\n")],
      "got UTF-8 in line 902, another encoding in line 2",
    ],
    [
      "code page 850",
      [Buffer.from(ascii), windows("2,Stra\xe1e\n3,M\x81ller\n")],
      "This file is neither UTF-8 nor windows-1252: got a byte at which windows-1252 has no character (a.csv, line 2003, byte ",
    ],
  ])("is refused if it is %s", async (_what, parts, message) => {
    const bytes = Buffer.concat(parts);

    for (const size of [1, 7, 4_096, bytes.length]) {
      await expect(profileCsv(pieces(bytes, size), "a.csv")).rejects.toThrow(message);
    }
  });

  test.each([
    ["quoted in German", "1,Stra\xdfe \x84Ma\xdf\x94\n2,Gr\xf6\xdfe\n"],
    ["quoted in French", "1,\xab\xa0caf\xe9\xa0\xbb\n2,CONG\xc9\xa0\xbb\n"],
    ["in capitals of Portuguese", `${"1,INFORMA\xc7\xd5ES\n".repeat(3)}2,MANH\xc3\x94\n`],
  ])("is windows-1252 although bytes are characters of UTF-8, too: %s", async (_what, text) => {
    for (const size of [7, 4_096]) {
      expect(await profileCsv(pieces(windows(`id,a\n${text}`), size), "a.csv")).toMatchObject({
        encoding: "windows-1252",
      });
    }
  });
});

test.each([
  [Buffer.from("%PDF-1.7\n%\u00e2\u00e3\n", "latin1"), "a PDF"],
  [Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0]), "a PNG image"],
  [
    Buffer.from(zipSync({ "[Content_Types].xml": strToU8("<x/>"), "xl/workbook.xml": strToU8("<x/>") })),
    "a workbook of Excel",
  ],
])("refuses what is another kind of file: %#, %s", async (bytes, message) => {
  await expect(profileCsv(pieces(bytes, 4_096), "a.csv")).rejects.toThrow(message);
});

test.each(["", "\n\n", "\uFEFF", "  \n"])("refuses a file with nothing in it: %j", async (content) => {
  await expect(profile(content)).rejects.toThrow("This file is empty");
});

test("refuses a file with more columns than a table has", async () => {
  const wide = await profile(`${Array.from({ length: 1_599 }, (_, at) => `c${at}`).join()}\n`);

  expect(() => guessFeed(wide)).toThrow("got 1599, expected at most 1598");
});

describe("keys", () => {
  const keysOf = async (content: string) =>
    guessFeed(await profile(content)).keys.map(({ columns, isProven }) => `${columns.join("+")}${isProven ? "" : "?"}`);
  const rows = (count: number, row: (at: number) => string) =>
    Array.from({ length: count }, (_, at) => `${row(at)}\n`).join("");

  test.each([
    ["one column", `id,a\n${rows(9, (at) => `${at},x`)}`, ["id"]],
    ["two columns", `shop,line,amount\n${rows(9, (at) => `${at % 3},${Math.floor(at / 3)},5`)}`, ["shop+line"]],
    [
      "three columns",
      `a,b,c,d\n${rows(27, (at) => `${at % 3},${Math.floor(at / 3) % 3},${Math.floor(at / 9)},x`)}`,
      ["a+b+c"],
    ],
    [
      "all columns",
      `a,b,c,d,e\n${rows(32, (at) => [1, 2, 4, 8, 16].map((bit) => (at & bit ? 1 : 0)).join())}`,
      ["a+b+c+d+e"],
    ],
    [
      "a text that is empty in some rows",
      `day,place\n${rows(8, (at) => `2026-01-0${1 + (at % 4)},${at < 4 ? "" : "x"}`)}`,
      ["day+place"],
    ],
    ["no amount beside an id", `id,a,amount\n${rows(9, (at) => `${at},x,${at}.5`)}`, ["id"]],
    ["none", `a,b\n${rows(9, () => "1,2")}`, []],
  ])("of %s", async (_, content, expected) => {
    expect(await keysOf(content)).toEqual(expected);
  });

  test("that the first rows do not show are found late, and not taken for proven", async () => {
    // One shop of 30,000 lines, then another one.
    const content = `shop,line,a\n${rows(31_000, (at) => `${at < 30_000 ? 1 : 2},${at % 30_000},x`)}`;

    expect(await keysOf(content)).toEqual(["shop+line?"]);
  });
});

test("a header's name that a table can have is its column's, whatever comes before it", () => {
  expect(nameColumns(["ID", "id", "id", "Xmin", "xmin", "id_2"])).toEqual([
    ...["id_3", "id", "id_4", "xmin_2", "xmin_3", "id_2"],
  ]);
});

test("names columns as PostgreSQL takes them, each once", () => {
  expect(
    nameColumns([
      "Sold at",
      "soldAt",
      "Größe (cm)",
      "",
      "2019",
      "xmin",
      "source_object",
      "金額",
      "millrace_x",
      "a".repeat(70),
      "a".repeat(70),
    ]),
  ).toEqual([
    ...[
      "sold_at",
      "sold_at_2",
      "grosse_cm",
      "column_4",
      "column_2019",
      "xmin_2",
      "source_object_2",
      "金額",
      "column_millrace_x",
    ],
    ...["a".repeat(63), `${"a".repeat(61)}_2`],
  ]);
});
