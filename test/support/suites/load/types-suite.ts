import { sql } from "kysely";
import type { Database } from "../../../../etl/core/database/database";

/** How values come from the database, alike on every engine. */
export function describeTypes(engine: string, open: () => Promise<Database<Record<string, never>>>): void {
  describe(`values from ${engine}`, () => {
    let database: Database<Record<string, never>>;

    beforeAll(async () => {
      database = await open();
    });
    afterAll(() => database?.close());

    test("come as numbers, days, points in time and exact decimals", async () => {
      const { rows } = await sql`select 9007199254740991::int8 as big, count(*) as count, date '2020-02-29' as day,
        timestamptz '2020-02-29 12:00:00+02' as instant, 12345678901234567.89::numeric as exact,
        '{"a": [1]}'::jsonb as json, null::int8 as unknown`.execute(database.db);

      expect(rows).toEqual([
        {
          big: 9007199254740991,
          count: 1,
          day: "2020-02-29",
          instant: new Date("2020-02-29T10:00:00Z"),
          exact: "12345678901234567.89",
          json: { a: [1] },
          unknown: null,
        },
      ]);
    });

    test("are refused where a number would round them", async () => {
      await expect(sql`select 9007199254740993::int8`.execute(database.db)).rejects.toMatchObject({
        name: "DatabaseError",
        message: expect.stringMatching(/got 9007199254740993, expected at most 9007199254740991/),
      });
      expect((await sql`select 1 as one`.execute(database.db)).rows).toEqual([{ one: 1 }]);
    });

    test("wait while a transaction has the connection", async () => {
      const order: string[] = [];
      const transaction = await database.db.startTransaction().execute();
      const outside = sql`select 1`.execute(database.db).then(() => order.push("outside"));
      await sql`select 1`.execute(transaction).then(() => order.push("inside"));
      await transaction.commit().execute();
      await outside;

      expect(order).toEqual(["inside", "outside"]);
    });
  });
}
