import { sql } from "kysely";
import { openPglite } from "../../../../../../etl/adapters/pglite/pglite";
import type { Column } from "../../../../../../etl/core/contract/column";
import { describeColumn } from "../../../../../../etl/core/contract/describe";
import { compileField } from "../../../../../../etl/core/contract/fields/field";
import { REWRITTEN_BYTES } from "../../../../../../etl/core/contract/fields/field-check";

/** A column, its type for PostgreSQL, texts that are values (or a text and what it becomes), and texts that are none. */
type Case = readonly [Column, string, readonly (string | readonly [string, string])[], readonly string[]];

const date = (format: string): Column => ({ type: "date", format });
const timestamp = (format: string): Column => ({ type: "timestamp", format });
const timestamptz = (format: string): Column => ({ type: "timestamptz", format });
const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
const UUID = "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11";

const cases: readonly Case[] = [
  [
    { type: "integer" },
    "integer",
    ["0", "-0", "+7", "007", "2147483647", "-2147483648", "000000000000000000000001"],
    ["", " 1", "1 ", "-", "+", "1.0", "1e3", "2147483648", "-2147483649", "٣", "0x1", "1".repeat(400)],
  ],
  [
    { type: "bigint" },
    "bigint",
    ["9223372036854775807", "-9223372036854775808", "1000000000000000000", "00000000000000000000009"],
    ["9223372036854775808", "-9223372036854775809", "", "1_000"],
  ],
  [
    { type: "bigint", min: 0, max: Number.MAX_SAFE_INTEGER },
    "bigint",
    ["0", "00012", "9007199254740991", "000000000009007199254740991"],
    ["-0", "+1", "-1", "9007199254740992", "9223372036854775808", ""],
  ],
  [
    { type: "integer", min: -5, max: 12 },
    "integer",
    ["-5", "+12", "0", "-0", "0012"],
    ["-6", "13", "99999999999999999999999"],
  ],
  [{ type: "integer", min: 3 }, "integer", ["3", "003", "2147483647"], ["2", "+3", "0", "2147483648"]],
  [
    { type: "bigint", min: "-9007199254740993", max: "9007199254740993" },
    "bigint",
    ["9007199254740993", "-9007199254740993"],
    ["9007199254740994", "-9007199254740994"],
  ],
  [
    { type: "integer", thousands: "," },
    "integer",
    ["1", ["1,234", "1234"], ["-1,234,567", "-1234567"], ["+12,345", "+12345"], "1234567"],
    ["1,23", "1,2345", "1234,567", ",123", "-,123", "1,", "1,,234", "1.234", "9,999,999,999", "", ",", "1,234,"],
  ],
  [
    { type: "integer", thousands: "." },
    "integer",
    [["1.000", "1000"], "12", "0", "007", ["-1.234.567", "-1234567"]],
    ["1.0", "1,000", "1.00", ".", "1.2345", "0.125", "-0.125", "0.000.001", "01.000"],
  ],
  [
    { type: "bigint", thousands: "\u202f" },
    "bigint",
    [["1\u202f234", "1234"], "5"],
    ["1 234", "1\u202f23", "\u202f123", "1\u202f"],
  ],
  [
    { type: "numeric", precision: 5, scale: 2 },
    "numeric(5,2)",
    ["0", "999.99", "-999.99", "+1.5", "000999.9", "1"],
    ["1000", "1.005", "1.", ".5", "1e2", "NaN", "Infinity", "", "-", "1,5", "1.2.3"],
  ],
  [
    { type: "numeric", precision: 20, scale: 4, decimal: ",", thousands: "." },
    "numeric(20,4)",
    [
      ["1.234.567,89", "1234567.89"],
      ["-0,5", "-0.5"],
      ["12", "12"],
      ["1.000", "1000"],
    ],
    ["1,234.5", "1.5", "1,2,3", "1,5.000", "1.2345", ",5", "1,", "1.23456,0", "0.125", "0.125,5"],
  ],
  [
    { type: "numeric", precision: 20, scale: 2, min: "-1.5", max: "12345678901234567.89" },
    "numeric(20,2)",
    ["-1.5", "-1.50", "12345678901234567.89", "0"],
    ["-1.51", "12345678901234567.90"],
  ],
  [{ type: "numeric", precision: 3, scale: 1, min: 0 }, "numeric(3,1)", ["0", "0.0", "1.5"], ["-0", "-1", "+1"]],
  [
    { type: "double" },
    "double precision",
    [
      ...["0", "-1.5", "1e308", "1E-300", "+2.5e+3", "4.9e-324", "0e999", "0.0", "123456789012345678901234567890"],
      `0.${"0".repeat(290)}1`,
    ],
    [
      ...["1e400", "-1e400", "1e-400", "", "NaN", "Infinity", "-inf", ".5", "1.", "1e", "1e+", "e5", "0x1p3", "1,5"],
      ...[`1${"0".repeat(400)}`, `0.${"0".repeat(400)}1`, " 1"],
    ],
  ],
  [
    { type: "double", min: 0, max: 1, decimal: "," },
    "double precision",
    [
      ["0,25", "0.25"],
      ["1e-3", "1e-3"],
    ],
    ["-0", "1,1", "0.25", "2"],
  ],
  [
    { type: "boolean" },
    "boolean",
    ["true", "TRUE", "t", "Yes", "y", "1", "false", "F", "no", "N", "0"],
    ["", "2", "tru", "on", "wahr", "\u0011", "\u0010"],
  ],
  [
    { type: "date" },
    "date",
    ["2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31"],
    ["2023-02-29", "1900-02-29", "2024-13-01", "2024-00-10", "2024-04-31", "0000-01-01", "24-01-01", "2024/01/01", ""],
  ],
  [
    date("DD.MM.YYYY"),
    "date",
    [
      ["29.02.2024", "2024-02-29"],
      ["01.12.0001", "0001-12-01"],
    ],
    ["29.02.2023", "1.2.2024", "2024-02-29", "29.02.24", "29/02/2024", "29.02.2024 ", "", "31.04.2024", "01.01.0000"],
  ],
  [
    date("M/D/YYYY"),
    "date",
    [
      ["1/2/2024", "2024-01-02"],
      ["12/31/1999", "1999-12-31"],
      ["01/02/2024", "2024-01-02"],
    ],
    ["13/1/2024", "/1/2024", "001/1/2024", "1-2-2024", "1/2/20245"],
  ],
  [date("YYYYMMDD"), "date", [["20240229", "2024-02-29"]], ["2024229", "20230229", "2024-02-29", "202402290"]],
  [
    { type: "timestamp" },
    "timestamp",
    ["2024-02-29T23:59:59", "2024-02-29 23:59", "2024-02-29 00:00:00.123456"],
    ["2024-02-29T23:59:59Z", "2024-02-29T23:59:59+01", "2024-02-29", "2024-02-29T24:00:00", "2024-02-29T23:59:5", ""],
  ],
  [
    timestamp("DD.MM.YYYY HH:mm:ss"),
    "timestamp",
    [["29.02.2024 23:59:59", "2024-02-29T23:59:59"]],
    ["29.02.2024 24:00:00", "29.02.2024T23:59:59", "29.02.2024 23:60:00", "29.02.2024 23:59", "29.02.2024 23:59:59Z"],
  ],
  [
    timestamp("M/D/YYYY h:mm A"),
    "timestamp",
    [
      ["1/31/2024 12:05 AM", "2024-01-31T00:05:00"],
      ["1/31/2024 12:05 pm", "2024-01-31T12:05:00"],
      ["1/31/2024 5:30 PM", "2024-01-31T17:30:00"],
    ],
    ["1/31/2024 13:00 PM", "1/31/2024 0:00 AM", "1/31/2024 5:30", "1/31/2024 5:30 XM", "1/31/2024 5:30 P"],
  ],
  [
    { type: "timestamptz" },
    "timestamptz",
    [
      ...["2024-02-29T23:59:59Z", "2024-02-29 23:59Z", "2024-02-29T23:59:59.123456+02", "2024-02-29T00:00:00-14:59"],
      ...["2024-02-29T00:00:00+0130", "2024-02-29T00:00:00.1-01:30"],
    ],
    [
      ...["2024-02-29T23:59:59", "2024-02-29", "2024-02-30T00:00:00Z", "2024-02-29T24:00:00Z", "2024-02-29T23:60Z"],
      ...["2024-02-29T23:59:60Z", "2024-02-29T23:59:59.Z", "2024-02-29T23:59:59.1234567Z", "2024-02-29T23:59:59+15"],
      ...["2024-02-29T23:59:59ZZ", "2024-02-29T23:59:59+01:", "2024-02-29T23:59:59+1", "2024-02-29x23:59:59Z", ""],
    ],
  ],
  [
    timestamptz("YYYY/MM/DD HH:mm:ss.S Z"),
    "timestamptz",
    [
      ["2024/02/29 23:59:59.5 +01:00", "2024-02-29T23:59:59.5+01:00"],
      ["2024/02/29 23:59:59.123456 Z", "2024-02-29T23:59:59.123456Z"],
    ],
    [
      "2024/02/29 23:59:59 Z",
      "2024/02/29 23:59:59.1234567 Z",
      "2024/02/29 23:59:59.5 ",
      "2024/02/29 23:59:59.5 +15:00",
      "2024/02/29 23:59:59.5 9+01",
    ],
  ],
  [timestamptz("D.M.YYYY H:mmZ"), "timestamptz", [["1.2.2024 5:30Z", "2024-02-01T05:30:00Z"]], ["1.2.2024 5:30.5Z"]],
  [
    { type: "uuid" },
    "uuid",
    [UUID, UUID.toUpperCase(), UUID.replaceAll("-", ""), `{${UUID}}`],
    ["", UUID.slice(1), `${UUID}0`, `{${UUID}`, `${UUID}}`, UUID.replace("a", "g"), UUID.replaceAll("-", "_"), "{}"],
  ],
  [
    { type: "json" },
    "jsonb",
    [
      ...["null", "1", '"x"', ' {"a": [1, 2.50, -1e3]} ', '"\\u00e9\\ud83d\\ude00"', '"\\\\u0000"', nested(256)],
      ...['"\\\\ud800"', "1e400", '{"a":1,"a":2}', '"é🙂"', "0.1e-5", '"\\"1e999999"'],
    ],
    [
      ...["", "{", "{'a':1}", "NaN", "[1,]", '"\\u0000"', '{"\\u0000":1}', '"\\ud800"', '"\\udc00"', "1e200000"],
      ...['"\\\\\\u0000"', '"\\ud800\\\\udc00"', '"\\\\ud800\\udc00"', '"\\ud800x\\udc00"', '"\\ud800\\ud800\\udc00"'],
      ...[nested(257), "1e-20000", '"a\nb"', "1 2", '"\\ud83d🙂"', "\ufeff1"],
    ],
  ],
  [{ type: "text" }, "text", ["", " ", "é🙂", "'\"\\"], ["a\0b"]],
  [
    { type: "text", min: 2, max: 3 },
    "text",
    ["ab", "éé", "🙂🙂🙂", "abc"],
    ["a", "é", "🙂", "abcd", "🙂🙂🙂🙂", "", "a\0"],
  ],
  [{ type: "text", oneOf: ["A", "Bé", ""] }, "text", ["A", "Bé", ""], ["a", "B", "A ", "BéA"]],
  [
    { type: "text", pattern: "^[A-Z]{2}\\d+$", max: 5 },
    "text",
    ["AB1", "AB123"],
    ["AB", "ab1", "AB1234", "AB1 ", "xAB1"],
  ],
  [{ type: "text", pattern: "^.🙂$" }, "text", ["é🙂", "🙂🙂"], ["🙂", "ab"]],
];

/** What is copied for a field: undefined where it is rejected. */
function readField(column: Column, text: string): string | null | undefined {
  const { isNullable, isNullText, rewrite, check } = compileField(column);
  // Other bytes before and behind must make no difference.
  const around = Buffer.from(`1${text}9:07Z`);
  const [from, to] = [1, around.length - 5];
  if ((isNullable && from === to) || isNullText?.(around, from, to) === true) return null;
  if (rewrite === undefined) return check(around, from, to) ? text : undefined;
  const into = Buffer.alloc(to - from + REWRITTEN_BYTES, "5");
  const end = rewrite(around, from, to, into);
  expect(end).toBeLessThanOrEqual(into.length);
  return end !== -1 && check(into, 0, end) ? into.toString("utf8", 0, end) : undefined;
}

const pairs = (values: Case[2]) => values.map((value) => (typeof value === "string" ? [value, value] : value));

describe("the field of a column", () => {
  test.each(cases)("tells values of %j", (column, _type, values, others) => {
    expect(pairs(values).map(([text = ""]) => [text, readField(column, text)])).toEqual(pairs(values));
    expect(others.filter((text) => readField(column, text) !== undefined)).toEqual([]);
  });

  test("takes nothing that PostgreSQL refuses", async () => {
    const { db, close } = await openPglite();
    for (const [, type, values] of cases) {
      const texts = sql.join(pairs(values).map(([, text]) => sql`${text}::text::${sql.raw(type)}::text`));
      await expect(sql`select ${texts}`.execute(db)).resolves.toBeDefined();
    }
    await close();
  });

  test("takes U+0000 in a text that no table takes", () => {
    expect(readField({ type: "text", nul: true }, "a\0b")).toBe("a\0b");
  });

  test("is NULL where it is empty or says so, and the column is nullable", () => {
    const column: Column = { type: "integer", nullable: true, nullText: ["n/a", "é"] };
    expect(["", "n/a", "é", "N/A", "n/a ", "1"].map((text) => readField(column, text))).toEqual([
      null,
      null,
      null,
      undefined,
      undefined,
      "1",
    ]);
    expect(readField({ type: "text", nullable: true, nullText: "-" }, "-")).toBeNull();
    expect(readField({ type: "text" }, "")).toBe("");
    expect(readField({ type: "integer" }, "")).toBeUndefined();
  });

  test.each<[Column, string]>([
    [{ type: "bigint", min: 0, max: Number.MAX_SAFE_INTEGER }, "a whole number from 0 to 9007199254740991"],
    [{ type: "bigint", min: 0, nullable: true }, "a whole number from 0 to 9223372036854775807, or nothing"],
    [{ type: "integer", thousands: "." }, "a whole number of 32 bits, perhaps in groups like 1.234"],
    [{ type: "text" }, "text without a NUL character"],
    [{ type: "text", max: 5 }, "text of 0 to 5 characters without a NUL character"],
    [{ type: "text", oneOf: ["a", "b"], nullable: true }, 'one of "a", "b", or nothing'],
    [{ type: "text", pattern: "^a$", nul: true }, "text of 0 to 1000 characters like ^a$"],
    [{ type: "text", expected: "an id of 1 to 100 characters" }, "an id of 1 to 100 characters"],
    [
      { type: "numeric", precision: 5, scale: 2, decimal: ",", max: 7 },
      "a number like 0,5 with at most 3 digits before and 2 after the comma, at most 7",
    ],
    [{ type: "double", max: 7 }, "a finite floating-point number like 0.5 or 1.5e3, at most 7"],
    [{ type: "boolean" }, "true or false, t or f, yes or no, y or n, 1 or 0"],
    [{ type: "uuid" }, "a UUID: 32 hexadecimal digits, perhaps with hyphens as 8-4-4-4-12 and in braces"],
    [
      { type: "json" },
      "JSON as jsonb keeps it: no \\u0000, no half of a surrogate pair, at most 256 levels deep, no number of more than 131072 digits",
    ],
    [{ type: "date" }, "a calendar day as YYYY-MM-DD"],
    [{ type: "date", format: "DD.MM.YYYY" }, "a calendar day as DD.MM.YYYY"],
    [{ type: "timestamptz" }, "a time with its zone (Z, or up to ±15:59), as 2026-01-31T23:59:59Z"],
  ])("is described: %j", (column, expected) => expect(describeColumn(column)).toBe(expected));
});
