/** Where a report of the pipeline finds its figures, and what a reader calls them. */
export const covidSeries = {
  table: "covid_daily",
  x: "date",
  values: [
    { column: "cases", title: "Cases" },
    { column: "deaths", title: "Deaths" },
    { column: "recoveries", title: "Recoveries" },
  ],
} as const;
