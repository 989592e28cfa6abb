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
