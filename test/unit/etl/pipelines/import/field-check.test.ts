import { sql } from "kysely";
import { openPglite } from "../../../../../etl/adapters/pglite/pglite";
import type { ColumnType } from "../../../../../etl/pipelines/import/contract";
import { checkOf } from "../../../../../etl/pipelines/import/field-check";

/** Each type with texts that are its values, and texts that are not. */
const cases: readonly (readonly [ColumnType, string, readonly string[], readonly string[]])[] = [
  [
    ...([{ type: "integer" }, "integer"] as const),
    ["0", "-0", "+5", "007", "2147483647", "-2147483648", "0002147483647"],
    ["", "-", "+", "1.0", "2147483648", "-2147483649", "99999999999", "1e3", " 1", "1 ", "0x1", "１"],
  ],
  [
    ...([{ type: "bigint" }, "bigint"] as const),
    ["9223372036854775807", "-9223372036854775808", "1000000000000000000", "00000000000000000000009"],
    ["9223372036854775808", "-9223372036854775809", "", "1_000"],
  ],
  [
    ...([{ type: "numeric", precision: 5, scale: 2 }, "numeric(5,2)"] as const),
    ["0", "999.99", "-999.99", "+1.5", "000999.9", "1"],
    ["1000", "1.005", "1.", ".5", "1e2", "NaN", "Infinity", "", "-", "1,5", "1.2.3"],
  ],
  [
    ...([{ type: "boolean" }, "boolean"] as const),
    ["true", "TRUE", "t", "Yes", "y", "1", "false", "F", "no", "N", "0"],
    ["", "2", "tru", "on", "wahr", "\u0011", "\u0010"],
  ],
  [
    ...([{ type: "date" }, "date"] as const),
    ["2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31"],
    ["2023-02-29", "1900-02-29", "2024-13-01", "2024-00-10", "2024-04-31", "0000-01-01", "24-01-01", "2024/01/01", ""],
  ],
  [
    ...([{ type: "timestamptz" }, "timestamptz"] as const),
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
  [...([{ type: "text" }, "text"] as const), ["", " ", "é🙂", "'\"\\"], ["a\0b"]],
];

function takes(column: ColumnType, text: string): boolean {
  // Other bytes before and behind must make no difference.
  const around = Buffer.from(`1${text}Z9`);
  return checkOf(column)(around, 1, around.length - 2);
}

describe("checkOf", () => {
  test.each(cases)("tells values of %j", async (column, _type, values, others) => {
    expect(values.filter((text) => !takes(column, text))).toEqual([]);
    expect(others.filter((text) => takes(column, text))).toEqual([]);
  });

  test("takes nothing that PostgreSQL refuses", async () => {
    const { db, close } = await openPglite();
    for (const [, type, values] of cases) {
      const texts = sql.join(values.map((text) => sql`${text}::text::${sql.raw(type)}::text`));
      await expect(sql`select ${texts}`.execute(db)).resolves.toBeDefined();
    }
    await close();
  });
});
