/** The source of a report's figures, and their titles. */
export const covidSeries = {
  table: "covid_daily",
  x: "date",
  values: [
    { column: "cases", title: "Cases" },
    { column: "deaths", title: "Deaths" },
    { column: "recoveries", title: "Recoveries" },
  ],
} as const;
