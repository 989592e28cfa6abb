import { sql } from "kysely";
import { openPglite } from "../../../../../../etl/adapters/pglite/pglite";
import type { Column } from "../../../../../../etl/core/contract/column";
import { describeColumn } from "../../../../../../etl/core/contract/describe";
import { compileField } from "../../../../../../etl/core/contract/fields/field";
import { REWRITTEN_BYTES } from "../../../../../../etl/core/contract/fields/field-check";
import { FIELD_CASES, type FieldCase } from "../../../../../support/models/field-cases";

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

const pairs = (values: FieldCase[2]) => values.map((value) => (typeof value === "string" ? [value, value] : value));

describe("the field of a column", () => {
  test.each(FIELD_CASES)("tells values of %j", (column, _type, values, others) => {
    expect(pairs(values).map(([text = ""]) => [text, readField(column, text)])).toEqual(pairs(values));
    expect(others.filter((text) => readField(column, text) !== undefined)).toEqual([]);
  });

  test("takes nothing that PostgreSQL refuses", async () => {
    const { db, close } = await openPglite();
    for (const [, type, values] of FIELD_CASES) {
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
    [{ type: "timestamptz" }, "a time with its zone (Z, or up to ±14:59), as 2026-01-31T23:59:59Z"],
  ])("is described: %j", (column, expected) => expect(describeColumn(column)).toBe(expected));
});
