import { type Kysely, sql } from "kysely";
import type { Database } from "../../../../etl/core/database/database";
import { loadByCopy, loadRecords } from "../../../../etl/core/load/load-records";
import { batchesOf } from "../../models/stock";

type Tables = Record<string, Record<string, unknown>>;

/** Types whose text is easily read in two ways, with values that the table keeps. */
const COLUMNS = {
  short: ["varchar(3)", ["abc", "", 'a"b', "\\", null]],
  padded: ["char(4)", ["ab", "", null]],
  bits: ["bit(3)", ["101", null]],
  more_bits: ["varbit(8)", ["1", "", null]],
  amount: ["numeric(6, 2)", ["1.005", "-0", 12, null]],
  real: ["double precision", [0.1, -1e300, "NaN", null]],
  flag: ["boolean", [true, false, null]],
  moment: ["timestamptz(0)", [new Date("2026-01-02T03:04:05.678Z"), null]],
  span: ["interval", ["1 day 02:03", null]],
  bytes: ["bytea", [Buffer.from([0, 92, 255]), Buffer.alloc(0), null]],
  words: ["text[]", ['{"a b",NULL,"{}"}', "{}", null]],
  grid: ["integer[]", ["{{1,2},{3,4}}", null]],
  document: ["jsonb", [{ a: [1, "\\n"] }, null]],
  positive: ["small_positive", [1, 9, null]],
  name: ['text collate "C"', ["NULL", "{", "}", ",", "ä", null]],
} as const satisfies Record<string, readonly [string, readonly unknown[]]>;

/** That few records, sent in one statement, become the rows that COPY would make of them, on whichever engine `open` gives. */
export function describeFewRecords(engine: string, open: () => Promise<Database<Tables>>): void {
  describe(`few records on ${engine}`, () => {
    let database: Database<Tables>;
    const names = Object.keys(COLUMNS);

    beforeAll(async () => {
      database = await open();
      const columns = Object.entries(COLUMNS).map(([name, [type]]) => `${name} ${type}`);
      await sql`create domain small_positive as smallint check (value > 0)`.execute(database.db);
      await sql`create table typed (id integer primary key, ${sql.raw(columns.join(", "))})`.execute(database.db);
    });
    beforeEach(() => sql`truncate typed`.execute(database.db));
    afterAll(() => database?.close());

    const load = (records: readonly Record<string, unknown>[], columns: readonly string[], by = loadRecords) =>
      database.db
        .transaction()
        .execute((trx) =>
          by(trx, { table: "typed", key: ["id"], columns: [...columns], records: batchesOf(records, 2) }),
        );

    test.each(Object.entries(COLUMNS))("%s: stored as by COPY, and equal the next time", async (name, [, values]) => {
      const records = values.map((value, id) => ({ id, [name]: value }));
      const inserted = await load(records, [name]);
      const few = await readRows(database.db);
      expect(await load(records, [name], loadByCopy)).toMatchObject({ unchanged: values.length, updated: 0 });
      expect(await load(records, [name])).toMatchObject({ unchanged: values.length, updated: 0 });
      await sql`truncate typed`.execute(database.db);
      await load(records, [name], loadByCopy);

      expect(inserted).toMatchObject({ inserted: values.length });
      expect(few).toEqual(await readRows(database.db));
    });

    test.each([
      ["short", "abcd", /too long.*varying\(3\)/],
      ["padded", "abcde", /too long.*character\(4\)/],
      ["bits", "1010", /bit string/],
      ["more_bits", "101010101", /too long.*bit varying\(8\)/],
      ["amount", "10000", /overflow.*line 3, column amount/],
      ["moment", "2026-02-30", /out of range.*line 3, column moment/],
      ["grid", "{1", /malformed array.*line 3, column grid/],
      ["positive", 0, /small_positive/],
    ] as const)("%s refuses %p, as by COPY, and keeps nothing", async (name, value, message) => {
      const records = [
        { id: 1, [name]: null },
        { id: 2, [name]: null },
        { id: 3, [name]: value },
      ];
      for (const by of [loadRecords, loadByCopy]) {
        await expect(load(records, [name], by)).rejects.toThrow(message);
      }
      expect(await readRows(database.db)).toEqual([]);
    });

    test.each([
      ["records", 2_001, "a"],
      ["text", 3, "a".repeat(600_000)],
    ])("with more %s than few, all are loaded, and the last of a key wins", async (_what, count, text) => {
      const records = Array.from({ length: count }, (_, id) => ({ id, words: `{${text}}` }));

      const counts = await load([{ id: 0, words: "{first}" }, ...records], ["words"]);

      expect(counts).toMatchObject({ inserted: count, duplicates: 1 });
      expect(await database.db.selectFrom("typed").select("id").where(sql`words[1]`, "=", text).execute()).toHaveLength(
        count,
      );
    });

    test.each([
      ["breaks", 1, undefined, "select", /lacks a value/],
      [
        "was read in part when the stage cannot be made",
        2_001,
        true,
        "create temporary table millrace_stage as select",
        /already exists/,
      ],
    ])("a source that %s is closed", async (_what, count, flag, before, message) => {
      let isClosed = false;
      async function* records() {
        try {
          for (let id = 0; id < 3_000; id += count)
            yield Array.from({ length: count }, (_, at) => ({ id: id + at, flag }));
        } finally {
          isClosed = true;
        }
      }
      const broken = database.db.transaction().execute(async (trx) => {
        await sql.raw(before).execute(trx);
        await loadRecords(trx, { table: "typed", key: ["id"], columns: ["flag"], records: records() });
      });

      await expect(broken).rejects.toThrow(message);
      expect(isClosed).toBe(true);
    });

    async function readRows(db: Kysely<Tables>) {
      const texts = names.map((name) => sql`${sql.id(name)}::text as ${sql.id(name)}`);
      const { rows } = await sql`select id, ${sql.join(texts)} from typed order by id`.execute(db);
      return rows;
    }
  });
}
