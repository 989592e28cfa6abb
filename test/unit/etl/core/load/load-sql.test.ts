import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from "kysely";
import { loadRecords } from "../../../../../etl/core/load/load-records";
import type { StockTables } from "../../../../support/models/stock";

/** What a load says to the database, one statement an entry, its white space made even. */
async function statementsOf(run?: string): Promise<string[]> {
  const statements: string[] = [];
  const db = new Kysely<StockTables>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (own) => new PostgresIntrospector(own),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
    log: ({ query }) => {
      statements.push(query.sql.replaceAll(/\s+/g, " ").trim());
    },
  });
  async function* records() {
    yield [{ site: "a", sku: 1, label: null, amount: "1" }];
  }
  await db
    .transaction()
    .execute((trx) =>
      loadRecords(trx, { table: "stock", key: ["site", "sku"], columns: ["label", "amount"], records: records(), run }),
    );
  return statements;
}

describe("the SQL of a load", () => {
  test("stages by COPY, then upserts what differs by one statement", async () => {
    const statements = await statementsOf();

    expect(statements).toContain('copy "millrace_stage" ("site", "sku", "label", "amount") from stdin');
    expect(statements.find((text) => text.startsWith("with differing"))).toBe(
      [
        'with differing as materialized (select "s"."site", "s"."sku", "s"."label", "s"."amount", "t"."site" is null as "millrace_is_new"',
        'from "millrace_stage" as s left join "stock" as t on "s"."site" = "t"."site" and "s"."sku" = "t"."sku"',
        'where "t"."site" is null or ("t"."label" is distinct from "s"."label" or "t"."amount" is distinct from "s"."amount")),',
        'changed as (select * from differing where not "millrace_is_new"),',
        'inserted as (insert into "stock" as t ("site", "sku", "label", "amount")',
        'select "site", "sku", "label", "amount" from differing where "millrace_is_new" order by "site", "sku"',
        'returning xmax = 0 as "millrace_is_insert"),',
        'updated as (insert into "stock" as t ("site", "sku", "label", "amount")',
        'select "site", "sku", "label", "amount" from changed order by "site", "sku"',
        'on conflict ("site", "sku") do update set "label" = "excluded"."label", "amount" = "excluded"."amount"',
        'where ("t"."label" is distinct from "excluded"."label" or "t"."amount" is distinct from "excluded"."amount")',
        'returning xmax = 0 as "millrace_is_insert")',
        'select count(*) filter (where "millrace_is_insert") as inserted, count(*) filter (where not "millrace_is_insert") as updated,',
        '0 as revisions, 0 as missed from (select "millrace_is_insert" from inserted union all select "millrace_is_insert" from updated) as loaded',
      ].join(" "),
    );
  });

  test("writes the images of what changed in the same statement", async () => {
    const [upsert = ""] = (await statementsOf("a run")).filter((text) => text.startsWith("with differing"));

    expect(upsert).toContain(
      '"millrace_is_new" , "t"."label" as "millrace_was_0", "t"."amount" as "millrace_was_1" from',
    );
    expect(upsert).toContain('revised as (insert into "revision" (run, load, table_name, key, before, after) select');
    expect(upsert).toContain("key, before - equal, after - equal from");
    expect(upsert).toContain("kept as (insert into inserted_key (load, part, place, integers, days, texts)");
  });
});
