import * as fc from "fast-check";
import Papa from "papaparse";
import { defineCsv } from "../../../../../etl/core/contract/contract";
import { defuse, undoDefused } from "../../../../../etl/core/mend/formulas";
import { readMendFile } from "../../../../../etl/core/mend/mend-file";
import { writeRejected } from "../../../../../etl/core/mend/rejected-file";

/** What a spreadsheet may run, and all that might be confused with how we keep it from that. */
const tricky = fc.constantFrom(..."=+-@\t\r\n'\"＝＋－＠,; |aé\u{1F600}0.");
const value = fc.oneof(
  fc.string({ unit: tricky, maxLength: 8 }),
  fc.constantFrom("-5", "'-5", "''", "=1+1", "@SUM(A1)", "\t=1", " =1", "+49 30", "'=1", '"', '=HYPERLINK("x","y")'),
);

const contract = defineCsv({ columns: { a: { type: "text" }, b: { type: "text" }, c: { type: "text" } } });

test("what a spreadsheet takes for a formula does not begin a cell, and every value comes back", () => {
  fc.assert(
    fc.property(value, (text) => {
      const cell = defuse(text);

      expect(cell).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/);
      expect(undoDefused(cell)).toBe(text);
    }),
  );
});

test("negative numbers come back as they were, whether they go through a file or a person writes them", () => {
  expect([defuse("-5"), undoDefused(defuse("-5")), undoDefused("-5")]).toEqual(["'-5", "-5", "-5"]);
  expect([defuse("'-5"), undoDefused(defuse("'-5"))]).toEqual(["''-5", "'-5"]);
});

test.each([
  ["'s-Hertogenbosch", "'s-Hertogenbosch"],
  ["''s-Hertogenbosch", "'s-Hertogenbosch"],
  ["'", "'"],
  ["'-5", "-5"],
  ["'＝1", "＝1"],
])("of the cell %j mend takes %j", (cell, value) => {
  expect(undoDefused(cell)).toBe(value);
});

test("a file of rejected rows gives back each value, by any delimiter of a spreadsheet", async () => {
  // A row of blanks alone is none, in any CSV.
  const fields = fc.tuple(value, value, value).filter((row) => row.join("").trim() !== "");
  await fc.assert(
    fc.asyncProperty(
      fc.array(fields, { minLength: 1, maxLength: 5 }),
      fc.constantFrom(",", ";", "\t"),
      async (rows, delimiter) => {
        const rejected = rows.map((row, at) => {
          const raw = Papa.unparse([row], { quotes: true });
          return { id: at + 1, run: "r", source: "=s", reason: "-r", raw, header: ["a", "b", "c"] };
        });

        const { text, bare } = writeRejected(rejected, () => contract);
        // As a spreadsheet saves it, in its own country's way.
        const saved = Papa.unparse(Papa.parse<string[]>(text.trimEnd(), { delimiter: ",", newline: "\r\n" }).data, {
          delimiter,
        });
        const file = await readMendFile("rows.csv", Buffer.from(saved));

        expect(bare).toBe(0);
        expect(file.rows.map(({ id, values }) => [id, ...["a", "b", "c"].map((name) => values.get(name))])).toEqual(
          rows.map((row, at) => [at + 1, ...row]),
        );
      },
    ),
  );
});
