import { defineCsv, defineTable } from "../../core/contract/contract";
import type { RecordOf } from "../../core/contract/types";
import type { TextOf } from "../../core/csv/check-rows";

/** Counts since the beginning. */
const count = { type: "bigint", min: 0, max: Number.MAX_SAFE_INTEGER } as const;
/** Columns that select rows and are not kept. */
const chosenBy = { type: "text", nul: true } as const;

/** The New York Times' us.csv. */
export const casesContract = defineCsv({ columns: { date: { type: "date" }, cases: count, deaths: count } });

/** One day of it. */
export type CasesRecord = RecordOf<typeof casesContract>;

/** The JHU time series, combined; an empty figure is NULL, which means unknown, not 0. */
export const recoveriesContract = defineCsv({
  columns: {
    date: { type: "date", header: "Date" },
    country: { ...chosenBy, header: "Country/Region" },
    province: { ...chosenBy, header: "Province/State" },
    recoveries: { ...count, nullable: true, header: "Recovered" },
  },
});

/** A day of the United States; `recoveries` NULL means unknown, not 0. The table is made by its migration, which is frozen. */
export const covidDaily = defineTable({
  table: "covid_daily",
  columns: { ...casesContract.columns, recoveries: { ...count, nullable: true } },
  key: ["date"],
});

/** Only rows of the US as a whole are in scope. */
export function isUnitedStates(text: TextOf<typeof recoveriesContract>): boolean {
  return text("country").trim().toLowerCase() === "us" && text("province").trim() === "";
}
