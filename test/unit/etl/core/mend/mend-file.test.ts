import { readMendFile } from "../../../../../etl/core/mend/mend-file";

const read = async (...lines: readonly string[]) =>
  (await readMendFile("rows.csv", Buffer.from(`${lines.join("\n")}\n`))).rows.map(({ id, values }) => [
    id,
    values.get("note"),
  ]);

test.each([
  ["millrace_row , note", "1,a"],
  ["note; millrace_row ", "a;1"],
  ['" millrace_row "\t" note "', "1\ta"],
])("the names of the header %j may have blanks around, as those of a source", async (...lines) => {
  expect(await read(...lines)).toEqual([[1, "a"]]);
});

test("a column that comes twice is refused: which one holds the correction is not known; those without a name may", async () => {
  await expect(read("millrace_row,note, note", "1,a,b")).rejects.toThrow(
    /The header has a column twice: got note, expected each name once.*\(rows\.csv, line 1\)/,
  );
  expect(await read("millrace_row,note,,", "1,a,,")).toEqual([[1, "a"]]);
});

const TEXT = "\uFEFFmillrace_row;note\r\n1;grün\r\n";

test.each([
  ["UTF-16, little endian", Buffer.from(TEXT, "utf16le")],
  ["UTF-16, big endian", Buffer.from(TEXT, "utf16le").swap16()],
  ["UTF-16 without its mark", Buffer.from(TEXT.slice(1), "utf16le")],
  ["with Excel's first line", Buffer.from(`sep=;\r\n${TEXT.slice(1)}`)],
  ["with a mark and Excel's first line", Buffer.from(`\uFEFF"sep=;"\n${TEXT.slice(1)}`)],
  ["with our columns in capitals", Buffer.from(TEXT.replace("millrace_row", "MILLRACE_Row"))],
])("a file that a spreadsheet wrote is read: %s", async (_, content) => {
  const { rows } = await readMendFile("rows.csv", content);

  expect(rows.map(({ id, values }) => [id, values.get("note")])).toEqual([[1, "grün"]]);
});

test("lines keep their numbers behind Excel's first one", async () => {
  await expect(readMendFile("rows.csv", Buffer.from("sep=,\nmillrace_row,note\n1,a\nx,b\n"))).rejects.toThrow(
    /does not say which rejected row it mends.*\(rows\.csv, line 4, column millrace_row\)/,
  );
});

test.each([
  [
    "not in UTF-8",
    Buffer.from("millrace_row,note\n1,gr\u00fcn\n", "latin1"),
    /not in UTF-8.*\(rows\.csv, line 2\).*CSV UTF-8/,
  ],
  ["with lines that end in CR", Buffer.from("millrace_row,note\r1,a\r"), /end in CR only: expected LF.*CSV UTF-8/],
  ["a workbook", Buffer.from("PK\u0003\u0004[Content_Types].xml\u00ff\n", "latin1"), /workbook of Excel/],
  ["of another kind", Buffer.from("\n\nid,day\n1,2\n"), /no file of rejected rows: got "id,day".*line 3\)/],
])("a file %s is refused, with what to do", async (_, content, says) => {
  await expect(readMendFile("rows.csv", content)).rejects.toThrow(says);
});
