import type { Kysely } from "kysely";
import type { TableOf, TablesOf } from "../../core/contract/types";
import { makeAsOfHere } from "../../core/database/make-as-of";
import type { Migrations } from "../../core/database/migrate";
import type { CoreTables } from "../../core/database/tables";
import type { covidDaily } from "./contracts";

export type CovidDailyTable = TableOf<typeof covidDaily>;

export type CovidTables = CoreTables & TablesOf<typeof covidDaily>;

export const covidMigrations: Migrations = {
  "001-covid-daily": {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable("covid_daily")
        .addColumn("date", "date", (column) => column.primaryKey())
        .addColumn("cases", "bigint", (column) => column.notNull())
        .addColumn("deaths", "bigint", (column) => column.notNull())
        .addColumn("recoveries", "bigint")
        .execute();
    },
  },
  "002-as-of": { up: (db: Kysely<unknown>) => makeAsOfHere(db, "covid_daily") },
};
