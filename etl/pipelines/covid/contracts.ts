import * as z from "zod";
import { type Contract, calendarDay, wholeCount, wholeCountOrUnknown } from "../../core/csv/record-contract";

const casesSchema = z.object({ date: calendarDay(), cases: wholeCount(), deaths: wholeCount() });
const recoveriesSchema = z.object({
  date: calendarDay(),
  country: z.string(),
  province: z.string(),
  recoveries: wholeCountOrUnknown(),
});

/** One day of the New York Times' us.csv: counts since the beginning. */
export type CasesRecord = z.output<typeof casesSchema>;

/** The New York Times' us.csv. */
export const casesContract: Contract<typeof casesSchema> = {
  headers: { date: "date", cases: "cases", deaths: "deaths" },
  schema: casesSchema,
};

/** The JHU time series, combined: only the rows of the US as a whole are meant. */
export const recoveriesContract: Contract<typeof recoveriesSchema> = {
  headers: { date: "Date", country: "Country/Region", province: "Province/State", recoveries: "Recovered" },
  schema: recoveriesSchema,
  isMeant: ({ country, province }) => country?.trim().toLowerCase() === "us" && province?.trim() === "",
};
