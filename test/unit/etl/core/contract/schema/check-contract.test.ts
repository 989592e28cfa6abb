import type * as z from "zod";
import type { Column } from "../../../../../../etl/core/contract/column";
import type { Feed } from "../../../../../../etl/core/contract/contract";
import { checkFeed, parseFeed } from "../../../../../../etl/core/contract/schema/check-contract";
import type { columnSchema } from "../../../../../../etl/core/contract/schema/column-schema";
import type { feedSchema } from "../../../../../../etl/core/contract/schema/schema";
import { UsageError } from "../../../../../../etl/core/errors";
import { sales } from "../../../../../../etl/feeds/sales";

/** The schema and the types say the same: where one has an option that the other lacks, this does not compile. */
type Same<Left, Right> = [Left] extends [Right] ? ([Right] extends [Left] ? SameKeys<Left, Right> : false) : false;
type KeysOf<T> = T extends unknown ? keyof T : never;
type SameKeys<Left, Right> = [KeysOf<Left>] extends [KeysOf<Right>]
  ? [KeysOf<Right>] extends [KeysOf<Left>]
    ? true
    : false
  : false;
const same = <Left, Right>(yes: Same<Left, Right>) => yes;

const columnsNamed = (...names: readonly string[]): Feed["columns"] => ({
  ...sales.columns,
  ...Object.fromEntries(names.map((name) => [name, { type: "text" }] as const)),
});
const withColumn = (column: unknown): Feed => ({ ...sales, columns: { ...sales.columns, x: column as Column } });

describe("checkFeed", () => {
  test("takes what PostgreSQL and the reader take", () => {
    const odd = columnsNamed("page", "Sold At", "ö".repeat(31), "select", '"');
    for (const table of ["pg_sales", "information_schema", "my_pg_.x", "net sales.x y"]) {
      expect(() => checkFeed({ ...sales, table })).not.toThrow();
    }
    for (const delimiter of [",", ";", "\t", "|", " ", "\u0001"]) {
      expect(() => checkFeed({ ...sales, columns: odd, table: "shop.sales", delimiter })).not.toThrow();
    }
  });

  test.each<[string, Partial<Feed>, RegExp]>([
    [
      "a name of more than 63 bytes",
      { columns: columnsNamed("ö".repeat(32)) },
      /columns\.ö+: got "ö+", expected a name of at most 63 bytes.*set header to/,
    ],
    [
      "a column of the import's own",
      { columns: columnsNamed("source_object") },
      /source_object.*expected another name/,
    ],
    ["a system column", { columns: columnsNamed("ctid") }, /ctid.*system column/],
    [
      "a helper's name",
      { columns: columnsNamed("millrace_fate") },
      /expected a name that does not begin with millrace_/,
    ],
    [
      "more columns than a table has",
      { columns: columnsNamed(...Array.from({ length: 1_600 }, (_, at) => `c${at}`)) },
      /at most 1598 columns/,
    ],
    [
      "too many columns for revisions",
      { revisions: true, columns: columnsNamed(...Array.from({ length: 801 }, (_, at) => `c${at}`)) },
      /revisions: got true, expected false for more than 800 columns/,
    ],
    ["no column", { columns: {} }, /at least one column/],
    ["a table's name that is too long", { table: `shop.${"t".repeat(64)}` }, /table: got .*at most 63 bytes/],
    ["three parts of a table's name", { table: "a.b.c" }, /expected table, or schema\.table/],
    ...["etl_run", "public.etl_run", "rejected_row", "import_object", "import_request", "covid_daily"].map(
      (table): [string, object, RegExp] => [
        table,
        { table },
        /table: got .*expected a table that is not millrace's own/,
      ],
    ),
    ...["covid", "orders", "metadata", "core", "import"].map((name): [string, object, RegExp] => [
      `the name ${name}`,
      { name },
      /name: got .*expected another name: .*are pipelines/,
    ]),
    ...["pg_catalog.x", "information_schema.x", "pg_temp.x", "pg_toast.x"].map(
      (table): [string, Partial<Feed>, RegExp] => [
        `the table ${table}`,
        { table },
        /table: got .*expected a schema of yours: pg_… and information_schema are PostgreSQL's own.*Name another schema/,
      ],
    ),
    ...[" x", "x ", "shop. x", "shop .x"].map((table): [string, Partial<Feed>, RegExp] => [
      `the table ${JSON.stringify(table)}`,
      { table },
      /table: got .*expected a name without blanks around it/,
    ]),
    [
      "a column's name with a blank behind it",
      { columns: { ...sales.columns, "x ": { type: "text", header: "x" } } },
      /columns\.x : got "x ", expected a name without blanks around it/,
    ],
    ["a key that is no column", { key: ["sale"] }, /key\.0: got "sale", expected a column of the contract/],
    ["a key that may be NULL", { key: ["note"] }, /key\.0: got "note", expected a column that is not nullable/],
    ["a key's column twice", { key: ["line", "line"] }, /each column once/],
    [
      "more decimals than digits",
      { columns: { ...sales.columns, amount: { type: "numeric", precision: 2, scale: 3 } } },
      /columns\.amount\.scale: got 3, expected a scale of 0 to the precision/,
    ],
  ])("refuses %s", (_what, changes, message) => {
    const check = () => checkFeed({ ...sales, ...changes });

    expect(check).toThrow(UsageError);
    expect(check).toThrow(message);
  });

  test.each(["§", "¦", "€", "", ",,", '"', "\\", "\n", "\r", "\0"])("refuses the delimiter %j", (delimiter) => {
    expect(() => checkFeed({ ...sales, delimiter })).toThrow(
      `delimiter: got ${JSON.stringify(delimiter)}, expected one ASCII character that is no quote, backslash or line end`,
    );
  });

  test.each<[unknown, RegExp]>([
    [{ type: "text", min: 3, max: 2 }, /columns\.x\.min: got 3, expected at most max/],
    [{ type: "text", max: -1 }, /columns\.x\.max: got -1/],
    [{ type: "text", max: 1.5 }, /columns\.x\.max: got 1\.5, expected a whole number\. /],
    [{ type: "text", max: "abc" }, /columns\.x\.max: got "abc", expected a number\. /],
    [{ type: "text", min: -1 }, /columns\.x\.min: got -1, expected 0 or more\. /],
    [{ type: "integer", min: "abc" }, /columns\.x\.min: got "abc", expected a whole number, as text if [^,]*\. /],
    [{ type: "integer", min: 1.5 }, /columns\.x\.min: got 1\.5, expected a whole number, as text if [^,]*\. /],
    [{ type: "double", min: "abc" }, /columns\.x\.min: got "abc", expected a number\. /],
    [
      { type: "numeric", precision: 5, scale: 2, min: "abc" },
      /columns\.x\.min: got "abc", expected a decimal number, as text if [^,]*\. /,
    ],
    [{ type: "text", nullable: "yes" }, /nullable: got "yes", expected true or false\. /],
    [{ type: "text", header: [] }, /header: got \[\], expected a list of at least 1\. /],
    [{ type: "text", header: 1 }, /header: got 1, expected a text that is not empty, or a list of such texts\. /],
    [{ type: "text", expected: "" }, /columns\.x\.expected: got "", expected a text that is not empty\. /],
    [
      { type: "numeric" },
      /precision: got nothing, expected a whole number: numeric needs precision .* and scale .*columns\.x\.scale/,
    ],
    [{ type: "text", oneOf: [] }, /columns\.x\.oneOf: got \[\], expected a list of at least 1\. /],
    [{ type: "text", oneOf: ["a", "a"] }, /oneOf: .*each text once/],
    [{ type: "text", oneOf: ["a", "bcd"], max: 2 }, /oneOf\.1: got "bcd", expected a text that keeps/],
    [{ type: "text", pattern: "a" }, /pattern: got "a", expected a regular expression for the whole text/],
    [{ type: "text", pattern: "^(a$" }, /pattern: got .*expected a regular expression \(/],
    [{ type: "text", pattern: `^${"a".repeat(199)}$` }, /pattern: /],
    [{ type: "text", pattern: "^(a+)+b$" }, /pattern: .*bounded time/],
    [{ type: "text", pattern: "^(?:x*)*(?:x*)*(?:x*)*y$" }, /pattern: .*bounded time/],
    [{ type: "text", nul: true }, /nul: .*PostgreSQL keeps no NUL/],
    [
      { type: "text", nulable: true },
      /columns\.x\.nulable: got true, expected nothing: there is no such option here.*leave it out/,
    ],
    [{ type: "text", thousands: "," }, /columns\.x\.thousands: /],
    [{ type: "text", nullText: "-" }, /nullText: got "-", expected a nullable column/],
    [{ type: "text", nullable: true, nullText: [] }, /nullText: /],
    [{ type: "money" }, /columns\.x\.type: got "money", expected one of text, integer/],
    [{}, /columns\.x\.type: got nothing, expected one of text/],
    ["text", /columns\.x/],
    [{ type: "integer", min: 2_147_483_648 }, /min: got 2147483648, expected a number that integer holds/],
    [{ type: "bigint", max: "9223372036854775808" }, /max: .*a number that bigint holds/],
    [{ type: "bigint", max: 2 ** 60 }, /max: got 1152921504606847000, expected .*as text if JavaScript would round it/],
    [{ type: "bigint", min: "1.5" }, /columns\.x\.min: got "1\.5"/],
    [{ type: "integer", thousands: "x" }, /thousands: got "x", expected one of ",", "\.", /],
    [{ type: "numeric", precision: 5, scale: 2, min: 3, max: "2.99" }, /min: got 3, expected at most max/],
    [
      { type: "numeric", precision: 5, scale: 2, thousands: "." },
      /thousands: got "\.", expected another mark than decimal/,
    ],
    [{ type: "numeric", precision: 0, scale: 0 }, /precision: got 0, expected 1 or more\. /],
    [{ type: "numeric", precision: 1001, scale: 0 }, /precision: got 1001, expected 1000 or less\. /],
    [
      { type: "numeric", precision: 5 },
      /columns\.x\.scale: got nothing, expected a whole number: numeric needs precision /,
    ],
    [{ type: "numeric", precision: 30, scale: 2, max: 1e21 }, /max: .*as text/],
    [{ type: "double", min: 2, max: 1 }, /at most max/],
    [{ type: "date", format: "DD.MM.YY" }, /format: got "DD\.MM\.YY", expected the parts YYYY MM M .*: YY is none/],
    [{ type: "date", format: "DD MMM YYYY" }, /expected the parts YYYY MM M .*: MMM is none of them/],
    [{ type: "date", format: "YYYYMMDDx" }, /: x is none of them/],
    [{ type: "date", format: "DD.MM" }, /expected a year \(YYYY\)/],
    [{ type: "date", format: "DMYYYY" }, /a separator behind/],
    [{ type: "date", format: "DD.MM.YYYY HH:mm" }, /no time: the column is a date/],
    [{ type: "timestamp", format: "DD.MM.YYYY" }, /an hour/],
    [{ type: "timestamp", format: "DD.MM.YYYY HH" }, /minutes/],
    [{ type: "timestamp", format: "DD.MM.YYYY HH:mm Z" }, /no zone/],
    [{ type: "timestamp", format: "DD.MM.YYYY h:mm" }, /A with hh or h/],
    [{ type: "timestamptz", format: "DD.MM.YYYY HH:mm" }, /a zone \(Z\) at the end/],
    [{ type: "timestamptz", format: "YYYY YYYY" }, /each part once/],
    [{ type: "boolean", format: "x" }, /columns\.x\.format/],
    [{ type: "text", header: ["X", "line"] }, /columns\.x\.header: .*no other column has in the header, as line does/],
    [{ type: "text", header: " X" }, /header: got " X", expected a name without blanks around it/],
    [{ type: "text", header: "" }, /columns\.x\.header/],
  ])("refuses the column %j", (column, message) => {
    const check = () => checkFeed(withColumn(column));

    expect(check).toThrow(UsageError);
    expect(check).toThrow(message);
  });

  test.each<unknown>([
    {
      type: "text",
      min: 0,
      max: 10,
      pattern: "^[A-Z]{2}\\d+$",
      nullable: true,
      nullText: ["-", "n/a"],
      sensitive: true,
    },
    { type: "text", pattern: "^a|b$" },
    { type: "text", pattern: "^[^@\\s]+@[^@\\s]+\\.[a-z]{2,}$", max: 320 },
    { type: "bigint", min: "-9223372036854775808", max: "9223372036854775807", thousands: "\u202f" },
    { type: "numeric", precision: 10, scale: 2, decimal: ",", thousands: ".", min: "-0.5" },
    { type: "timestamptz", format: "YYYY-MM-DDTHH:mm:ss.S Z" },
    { type: "json", header: ["x", "X"] },
  ])("takes the column %j", (column) => expect(() => checkFeed(withColumn(column))).not.toThrow());

  test("refuses a name of digits where the fields have no names: JavaScript would put it first", () => {
    const columns = columnsNamed("2");
    expect(() => checkFeed({ ...sales, columns })).not.toThrow();
    expect(() => checkFeed({ ...sales, columns, header: false })).toThrow(
      /columns\.2: .*its place among the fields is lost/,
    );
  });

  test.each<[unknown, RegExp]>([
    [[], /the whole: got \[\], expected an object/],
    [{ ...sales, name: "a/b" }, /name: got "a\/b", expected a name/],
    [{ ...sales, name: "a.json" }, /name: got "a\.json"/],
    [{ ...sales, isInScope: "yes" }, /isInScope: got "yes", expected nothing: there is no such option/],
    [{ ...sales, encoding: "utf-7" }, /encoding: got "utf-7", expected one of "utf-8", "utf-16"/],
    [
      { ...sales, maxRejected: { rows: 1, percent: 1 } },
      /maxRejected: got .*expected one of rows and percent: \{ rows \}/,
    ],
    [{ ...sales, maxRejected: { rows: -1 } }, /maxRejected/],
    [{ ...sales, maxRejected: { percent: 101 } }, /maxRejected/],
    [{ ...sales, key: [] }, /key\.0: got nothing, expected a column: a key has at least one/],
    [{ ...sales, key: [1] }, /key\.0: got 1, expected the name of a column/],
    [{ ...sales, key: undefined }, /key: got nothing, expected a list of columns/],
    [{ ...sales, columns: [{ type: "text" }] }, /columns: got .*, expected an object: column name → column/],
    [{ ...sales, columns: undefined }, /columns: got nothing, expected an object: column name → column/],
    [{ ...sales, name: undefined }, /name: got nothing, expected a name/],
    [{ ...sales, key: "sale_id" }, /key: got "sale_id", expected a list of columns/],
    [{ ...sales, table: "" }, /table: got "", expected table, or schema\.table/],
    [
      JSON.parse('{"name":"t","table":"t","key":["a"],"columns":{"a":{"type":"text"},"__proto__":{"type":"text"}}}'),
      /__proto__/,
    ],
  ])("refuses %j, as JSON may have it", (value, message) => {
    expect(() => parseFeed(value, "contract.json")).toThrow(message);
    expect(() => parseFeed(value, "contract.json")).toThrow(/^contract\.json cannot be used/);
  });

  test("names up to three other places that are wrong", () => {
    const check =
      (...key: readonly [string, ...string[]]) =>
      () =>
        checkFeed({ ...sales, key });

    expect(check("a", "b", "line")).toThrow(/Correct the contract\. Wrong as well: key\.1$/);
    expect(check("a", "b", "c", "d", "e", "f")).toThrow(/Wrong as well: key\.1, key\.2, key\.3 and 2 more$/);
    expect(() => parseFeed({ ...sales, a: 1, b: 2 }, "x.json")).toThrow(
      /x\.json cannot be used: a: .*Wrong as well: b$/,
    );
  });

  test("checks what the types say, and nothing else", () => {
    expect([
      same<z.input<typeof feedSchema>, Feed>(true),
      same<z.input<typeof columnSchema>, Column>(true),
      // @ts-expect-error a schema without an option of the type is noticed
      same<Omit<z.input<typeof feedSchema>, "encoding">, Feed>(true),
    ]).not.toContain(false);
  });
});
