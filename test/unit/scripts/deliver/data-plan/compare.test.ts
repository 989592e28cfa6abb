import { sql } from "kysely";
import { openPglite } from "../../../../../etl/adapters/pglite/pglite";
import type { Database } from "../../../../../etl/core/database/database";
import { compareMessages } from "../../../../../scripts/deliver/data-plan/compare-messages";
import { compareRows, readShape } from "../../../../../scripts/deliver/data-plan/compare-tables";

const message = (id: number, total: string) => `{"id":"${id}","total_amount_spent":${total},"orders":[]}`;

describe("messages of two versions", () => {
  test("are compared by customer, the last one of each, to the byte", () => {
    const before = [message(1, "1.5"), message(2, "2"), message(3, "3"), message(3, "4")];
    const after = [message(3, "4"), message(1, "1.50"), message(4, "4")];

    expect(compareMessages(before, after)).toEqual({
      ...{ before: 3, after: 3, removed: 1, added: 1, changed: 1, fields: new Map() },
      examples: [
        { id: "1", before: message(1, "1.5"), after: message(1, "1.50") },
        { id: "2", before: message(2, "2"), after: undefined },
        { id: "4", before: undefined, after: message(4, "4") },
      ],
    });
  });

  test("name the fields that differ", () => {
    expect(compareMessages([message(1, "1.5")], [message(1, "1.25")]).fields).toEqual(
      new Map([["total_amount_spent", 1]]),
    );
  });
});

describe("tables of two versions", () => {
  let database: Database<never>;
  beforeAll(async () => {
    database = await openPglite<never>();
    // More rows than are compared at once.
    await sql`create table before as select n as id, 'x' || n as "a b", n % 7 as c from generate_series(1, 60000) n`.execute(
      database.db,
    );
    await sql`create table after as select id, case when id = 7 then null else "a b" end as "a b", c + (id = 8)::int as c from before where id > 2
      union all select 70001, 'new', null`.execute(database.db);
    await sql`alter table after add primary key (id), alter c set default 1`.execute(database.db);
  });
  afterAll(() => database.close());

  test("are compared by key, in parts", async () => {
    const found = await compareRows([database.db, database.db], ["before", "after"], ["id"], ["id", "a b", "c"], ["c"]);

    expect(found).toMatchObject({ before: 60000, after: 59999, removed: 2, added: 1, changed: 2 });
    expect([...found.columns].sort()).toEqual([
      ["a b", 1],
      ["c", 1],
    ]);
    expect(found.examples.changed).toContainEqual({
      key: { id: "7" },
      before: { "a b": "x7" },
      after: { "a b": null },
    });
    // A sensitive value is in no example, whether it is NULL is.
    expect(found.examples.changed).toContainEqual({ key: { id: "8" }, before: { c: "•••" }, after: { c: "•••" } });
    expect(found.examples.removed.map(({ key }) => key.id).sort()).toEqual(["1", "2"]);
    expect(found.examples.added).toEqual([{ key: { id: "70001" }, after: { id: "70001", "a b": "new", c: null } }]);
  });

  test("have their columns and constraints as PostgreSQL writes them", async () => {
    expect(await readShape(database.db, "missing")).toBeUndefined();
    expect(await readShape(database.db, "after")).toEqual({
      columns: new Map([
        ["id", "integer not null"],
        ["a b", "text"],
        ["c", "integer default 1"],
      ]),
      constraints: ["PRIMARY KEY (id)"],
    });
  });
});
