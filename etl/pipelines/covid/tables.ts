import type { Kysely } from "kysely";
import type { Migrations } from "../../core/database/migrate";
import type { CoreTables } from "../../core/database/tables";

/** A day of the United States: counts since the beginning; `recoveries` NULL means unknown, not 0. */
export interface CovidDailyTable {
  /** `YYYY-MM-DD`. */
  date: string;
  cases: number;
  deaths: number;
  recoveries: number | null;
}

export interface CovidTables extends CoreTables {
  covid_daily: CovidDailyTable;
}

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
};
