import type { Kysely } from "kysely";
import { defineCsv, defineFeed, defineTable } from "../../../../../etl/core/contract/contract";
import type { RecordOf, TableOf, TablesOf } from "../../../../../etl/core/contract/types";

/** What is here is checked by `npm run types`; the test runs it, so that no line of it is never looked at. */
type Same<Left, Right> = (<T>() => T extends Left ? 1 : 2) extends <T>() => T extends Right ? 1 : 2 ? true : false;
const same = <Left, Right>(yes: Same<Left, Right>) => yes;

const cases = defineCsv({
  columns: {
    date: { type: "date" },
    cases: { type: "bigint", min: 0, max: Number.MAX_SAFE_INTEGER },
    place: { type: "text", header: ["Place", "place"], nullable: true, nullText: "n/a" },
  },
  encoding: "windows-1252",
  unknownColumns: "warn",
});
const covid = defineTable({
  table: "covid_daily",
  key: ["date"],
  columns: { date: { type: "date" }, cases: { type: "bigint" }, recoveries: { type: "bigint", nullable: true } },
});
const all = defineFeed({
  name: "all",
  table: "raw.all",
  key: ["id"],
  maxRejected: { percent: 0.1 },
  revisions: true,
  columns: {
    id: { type: "uuid" },
    word: { type: "text", oneOf: ["a", "b"], pattern: "^[ab]$" },
    small: { type: "integer", thousands: "," },
    exact: { type: "numeric", precision: 5, scale: 2, min: "-999.99" },
    wide: { type: "double", decimal: ",", nullable: true },
    is_it: { type: "boolean" },
    day: { type: "date", format: "DD.MM.YYYY" },
    wall: { type: "timestamp" },
    at: { type: "timestamptz", nullable: true, sensitive: true },
    rest: { type: "json" },
  },
});

describe("the types of a contract", () => {
  test("are those of its records and its table", () => {
    expect([
      same<RecordOf<typeof cases>, { readonly date: string; readonly cases: number; readonly place: string | null }>(
        true,
      ),
      same<TableOf<typeof covid>, { date: string; cases: number; recoveries: number | null }>(true),
      same<RecordOf<typeof all>["at"], Date | null>(true),
      same<RecordOf<typeof all>["exact"], string>(true),
      same<RecordOf<typeof all>["wide"], number | null>(true),
      same<keyof TablesOf<typeof all | typeof covid>, "raw.all" | "covid_daily">(true),
      // @ts-expect-error a record's value is never null where its column is not
      same<RecordOf<typeof cases>["cases"], number | null>(true),
    ]).not.toContain(false);
  });

  test("type Kysely's queries", () => {
    const queries = (db: Kysely<TablesOf<typeof all | typeof covid>>) => [
      db.selectFrom("covid_daily").select(["date", "recoveries"]).where("cases", ">", 5),
      db.insertInto("raw.all").columns(["id", "at"]),
      db.updateTable("raw.all").set({ at: "2026-01-01T00:00:00Z" }),
      // @ts-expect-error no such column
      () => db.selectFrom("covid_daily").select("price"),
      // @ts-expect-error no such table
      () => db.selectFrom("sales"),
      // @ts-expect-error recoveries is a number
      () => db.updateTable("covid_daily").set({ recoveries: "many" }),
    ];
    expect(queries).toBeInstanceOf(Function);
  });

  test("refuse what is no contract", () => {
    const columns = { id: { type: "bigint" }, note: { type: "text", nullable: true } } as const;
    expect([
      defineTable({ table: "t", columns, key: ["id"] }),
      // @ts-expect-error a column that may be NULL is no key
      defineTable({ table: "t", columns, key: ["note"] }),
      // @ts-expect-error no such column
      defineTable({ table: "t", columns, key: ["other"] }),
      // @ts-expect-error a key has a column
      defineTable({ table: "t", columns, key: [] }),
      // @ts-expect-error numeric needs its scale
      defineCsv({ columns: { amount: { type: "numeric", precision: 3 } } }),
      // @ts-expect-error no such type
      defineCsv({ columns: { amount: { type: "money" } } }),
      // @ts-expect-error text has no thousands
      defineCsv({ columns: { word: { type: "text", thousands: "," } } }),
      // @ts-expect-error a slip of the pen
      defineFeed({ name: "t", table: "t", columns: { id: { type: "bigint", nulable: true } }, key: ["id"] }),
      // @ts-expect-error a contract holds no functions
      defineCsv({ columns, isInScope: () => true }),
      // @ts-expect-error no such encoding
      defineCsv({ columns, encoding: "ebcdic" }),
    ]).toHaveLength(10);
  });
});
