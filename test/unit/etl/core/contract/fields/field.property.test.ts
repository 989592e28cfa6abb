import * as fc from "fast-check";
import { type Kysely, sql } from "kysely";
import { openPglite } from "../../../../../../etl/adapters/pglite/pglite";
import type { Column } from "../../../../../../etl/core/contract/column";
import { compileField } from "../../../../../../etl/core/contract/fields/field";
import { REWRITTEN_BYTES } from "../../../../../../etl/core/contract/fields/field-check";
import { sqlType } from "../../../../../../etl/feeds/target/create-target";

/** What is copied for a field: undefined where it is rejected. */
function copied(column: Column, text: string): string | undefined {
  const { rewrite, check } = compileField(column);
  const bytes = Buffer.from(text);
  if (rewrite === undefined) return check(bytes, 0, bytes.length) ? text : undefined;
  const into = Buffer.alloc(bytes.length + REWRITTEN_BYTES);
  const end = rewrite(bytes, 0, bytes.length, into);
  return end !== -1 && check(into, 0, end) ? into.toString("utf8", 0, end) : undefined;
}

/** How PostgreSQL gives a value back, so that one value has one text; `v` is the value. */
const GIVEN: Partial<Record<Column["type"], string>> = {
  numeric: "trim_scale(v)::text",
  timestamp: `to_char(v, 'YYYY-MM-DD HH24:MI:SS.US')`,
  timestamptz: "(extract(epoch from v) * 1000000)::numeric(30,0)::text",
};

async function inPostgres(db: Kysely<unknown>, column: Column, texts: readonly string[]): Promise<readonly string[]> {
  const { rows } = await sql<{ given: string }>`
    select ${sql.raw(GIVEN[column.type] ?? "v::text")} as given
    from unnest(${sql.val(texts)}::text[]) with ordinality as t (text, place), lateral (select text::${sql.raw(sqlType(column))} as v) as of_text
    order by place`.execute(db);
  return rows.map(({ given }) => given);
}

/** What a text means, read in another way than the checks read it; as {@link GIVEN} writes it. */
function meaning(column: Column, text: string): unknown {
  switch (column.type) {
    case "integer":
    case "bigint":
      return BigInt(text.replaceAll(column.thousands ?? "\0", "").replace("+", "")).toString();
    case "numeric":
    case "double": {
      const plain = text.replaceAll(column.thousands ?? "\0", "").replace(column.decimal ?? ".", ".");
      return column.type === "double" ? Number(plain) : exact(plain);
    }
    case "boolean":
      return /^[ty1]/i.test(text);
    case "uuid":
      return text
        .toLowerCase()
        .replace(/[^\da-f]/g, "")
        .replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
    case "json":
      return parseJson(text);
    case "text":
      return text;
    default:
      return moment(column, text);
  }
}

/** PostgreSQL's numeric, which jsonb keeps numbers as, has no -0. */
function parseJson(text: string): unknown {
  return JSON.parse(text, (_key, value) => (value === 0 ? 0 : value));
}

/** Digits without zeros that mean nothing. */
function exact(plain: string): string {
  const [, sign = "", whole = "", decimals = ""] = /^([+-]?)0*(\d+?)(?:\.(\d*?)0*)?$/.exec(plain) ?? [];
  const digits = `${whole}${decimals === "" ? "" : `.${decimals}`}`;
  return sign === "-" && digits !== "0" ? `-${digits}` : digits;
}

const NAMED: Readonly<Record<string, string>> = {
  ...{
    YYYY: "(?<year>\\d{4})",
    MM: "(?<month>\\d\\d)",
    M: "(?<month>\\d\\d?)",
    DD: "(?<day>\\d\\d)",
    D: "(?<day>\\d\\d?)",
  },
  ...{
    HH: "(?<hour>\\d\\d)",
    H: "(?<hour>\\d\\d?)",
    hh: "(?<hour>\\d\\d)",
    h: "(?<hour>\\d\\d?)",
    mm: "(?<minute>\\d\\d)",
  },
  ...{ ss: "(?<second>\\d\\d)", S: "(?<part>\\d{1,6})", A: "(?<half>[AaPp])[Mm]", Z: "(?<zone>.*)" },
};
const ISO =
  /^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)(?:[T ](?<hour>\d\d):(?<minute>\d\d)(?::(?<second>\d\d)(?:\.(?<part>\d+))?)?)?(?<zone>.*)$/;

function moment({ type, format }: Extract<Column, { readonly format?: string }>, text: string): string {
  const pattern = format?.replaceAll(/YYYY|MM?|DD?|HH?|hh?|mm|ss|S|A|Z|[^T]/g, (token) => NAMED[token] ?? `\\${token}`);
  const expression = pattern === undefined ? ISO : new RegExp(`^${pattern}$`);
  const {
    year,
    month = "",
    day = "",
    hour = "0",
    minute = "00",
    second = "00",
    part = "",
    half,
    zone = "",
  } = expression.exec(text)?.groups ?? {};
  const date = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  if (type === "date") return date;
  const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (/p/i.test(half) ? 12 : 0);
  const time = `${String(hours).padStart(2, "0")}:${minute}:${second}`;
  if (type === "timestamp") return `${date} ${time}.${part.padEnd(6, "0")}`;
  const [, sign, east = "0", more = "0"] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone) ?? [];
  const minutes = (Number(east) * 60 + Number(more)) * (sign === "-" ? -1 : 1);
  return String(
    (BigInt(Date.parse(`${date}T${time}Z`)) - BigInt(minutes) * 60_000n) * 1000n + BigInt(part.padEnd(6, "0")),
  );
}

/** As {@link meaning} has it: what is equal though it is written otherwise. */
function given(column: Column, text: string): unknown {
  switch (column.type) {
    case "double":
      return Number(text);
    case "boolean":
      return text === "true";
    case "json":
      return parseJson(text);
    default:
      return text;
  }
}

const digits = (most: number) => fc.stringMatching(new RegExp(`^\\d{1,${most}}$`));
const sign = fc.constantFrom("", "", "-", "+");
const grouped = (text: string, mark: string) => text.replace(/\B(?=(\d{3})+$)/g, mark);
const whole = (mark = "") => fc.tuple(sign, digits(20)).map(([before, text]) => before + grouped(text, mark));
const decimal = (point: string, mark = "") =>
  fc
    .tuple(whole(mark), fc.option(digits(8), { nil: undefined }))
    .map(([before, behind]) => (behind === undefined ? before : `${before}${point}${behind}`));
const at = fc.record({
  day: fc.date({ min: new Date("0001-01-01T00:00:00Z"), max: new Date("9999-12-31T23:59:59Z"), noInvalidDate: true }),
  part: digits(6),
  zone: fc.constantFrom("Z", "+00", "-14:59", "+0545", "+14", "-03:30"),
});

/** A time as a format of {@link NAMED} writes it. */
function written(format: string) {
  return at.map(({ day, part, zone }) => {
    const [year = "", month = "", date = "", hour = "", minute = "", second = ""] = day.toISOString().split(/[^\d]/);
    const half = String(((Number(hour) + 11) % 12) + 1);
    const parts: Readonly<Record<string, string>> = {
      ...{
        YYYY: year,
        MM: month,
        M: String(Number(month)),
        DD: date,
        D: String(Number(date)),
        HH: hour,
        H: String(Number(hour)),
      },
      ...{
        hh: half.padStart(2, "0"),
        h: half,
        mm: minute,
        ss: second,
        S: part,
        A: Number(hour) < 12 ? "AM" : "pm",
        Z: zone,
      },
    };
    return format.replaceAll(/YYYY|MM?|DD?|HH?|hh?|mm|ss|S|A|Z/g, (token) => parts[token] ?? "");
  });
}

const times = (type: "date" | "timestamp" | "timestamptz", formats: readonly string[]): Kind[] =>
  formats.map((format) => [{ type, format }, written(format)]);

type Kind = readonly [Column, fc.Arbitrary<string>];

const kinds: readonly Kind[] = [
  [{ type: "integer" }, whole()],
  [{ type: "integer", min: -1000, max: 1_000_000, thousands: "." }, whole(".")],
  [{ type: "bigint" }, whole()],
  [{ type: "bigint", min: 0, thousands: "\u202f" }, whole("\u202f")],
  [{ type: "numeric", precision: 12, scale: 3 }, decimal(".")],
  [{ type: "numeric", precision: 20, scale: 8, decimal: ",", thousands: "." }, decimal(",", ".")],
  [{ type: "numeric", precision: 9, scale: 2, min: "-12.5", thousands: "'" }, decimal(".", "'")],
  [
    { type: "double" },
    fc.tuple(decimal("."), fc.constantFrom("", "e5", "E-310", "e+300")).map((parts) => parts.join("")),
  ],
  [{ type: "double" }, fc.double({ noNaN: true }).map(String)],
  [{ type: "double", decimal: ",", thousands: " " }, decimal(",", " ")],
  [{ type: "boolean" }, fc.constantFrom("true", "T", "YES", "y", "1", "False", "f", "no", "N", "0")],
  [{ type: "date" }, written("YYYY-MM-DD")],
  ...times("date", ["DD.MM.YYYY", "M/D/YYYY", "YYYYMMDD", "D-M-YYYY"]),
  [{ type: "timestamp" }, fc.oneof(written("YYYY-MM-DDTHH:mm:ss.S"), written("YYYY-MM-DD HH:mm"))],
  ...times("timestamp", ["DD.MM.YYYY HH:mm:ss", "M/D/YYYY h:mm A", "YYYYMMDDTHHmmss", "D.M.YYYY, hh:mm:ss.S A"]),
  [{ type: "timestamptz" }, fc.oneof(written("YYYY-MM-DDTHH:mm:ss.SZ"), written("YYYY-MM-DD HH:mmZ"))],
  ...times("timestamptz", ["YYYY/MM/DD HH:mm:ss.S Z", "D.M.YYYY H:mmZ"]),
  [
    { type: "uuid" },
    fc.tuple(fc.uuid(), fc.boolean(), fc.boolean()).map(([text, bare, braced]) => {
      const hex = bare ? text.replaceAll("-", "").toUpperCase() : text;
      return braced ? `{${hex}}` : hex;
    }),
  ],
  [{ type: "json" }, fc.json()],
  [
    { type: "json" },
    fc
      .json()
      .map((text) =>
        text.replaceAll(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`),
      ),
  ],
  [{ type: "text", min: 1, max: 8 }, fc.string({ unit: "binary" })],
  [{ type: "text", pattern: "^\\p{L}+-\\d$" }, fc.stringMatching(/^[A-Zé🙂]{1,3}-\d$/u)],
];

/** A text with a slip of the pen in it. */
function slipped(texts: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const character = fc.constantFrom(..."0159+-.,:;'/ eTZ{}\"\\au\0\u202f\u00a0٣", "");
  return fc.tuple(texts, fc.nat(), fc.nat(2), character).map(([text, place, taken, put]) => {
    const all = [...text];
    all.splice(place % (all.length + 1), taken, put);
    return all.join("");
  });
}

describe("what the check of a column takes", () => {
  const opened = openPglite();
  afterAll(async () => (await opened).close());

  test.each(kinds)("PostgreSQL takes, too, and gives back as the same value: %j", async (column, texts) => {
    const { db } = await opened;
    let taken = 0;
    const sources = fc.array(fc.oneof(texts, slipped(texts)), { minLength: 30, maxLength: 60 });

    await fc.assert(
      fc.asyncProperty(sources, async (all) => {
        const values = all.flatMap((text) => {
          const value = copied(column, text);
          return value === undefined ? [] : [{ text, value }];
        });
        taken += values.length;
        const found = await inPostgres(
          db as Kysely<unknown>,
          column,
          values.map(({ value }) => value),
        );
        expect(found.map((text) => given(column, text))).toEqual(values.map(({ text }) => meaning(column, text)));
      }),
      { numRuns: 15 },
    );

    expect(taken).toBeGreaterThan(15);
  });
});
