import { sql } from "kysely";
import { openPglite } from "../../etl/adapters/pglite/pglite";
import { migrate } from "../../etl/core/database/migrate";
import { sqlType } from "../../etl/feeds/target/create-target";
import { covidDaily } from "../../etl/pipelines/covid/contracts";
import { covidMigrations } from "../../etl/pipelines/covid/tables";

describe("covid_daily", () => {
  test("is as its frozen migration makes it what its contract says", async () => {
    const { db, close } = await openPglite();
    await migrate(db, "covid", covidMigrations);

    const { rows: columns } = await sql`select attname as name, format_type(atttypid, atttypmod) as type,
      not attnotnull as nullable from pg_attribute where attrelid = 'covid_daily'::regclass and attnum > 0
      order by attnum`.execute(db);
    const { rows: keys } =
      await sql`select a.attname as name from pg_index i, unnest(i.indkey) with ordinality as k (at, place),
      pg_attribute a where i.indrelid = 'covid_daily'::regclass and i.indisprimary and a.attrelid = i.indrelid
      and a.attnum = k.at order by k.place`.execute(db);
    await close();

    const wanted = Object.entries(covidDaily.columns).map(([name, column]) => ({
      ...{ name, type: sqlType(column), nullable: "nullable" in column },
    }));
    expect(columns).toEqual(wanted);
    expect(keys).toEqual(covidDaily.key.map((name) => ({ name })));
  });
});
