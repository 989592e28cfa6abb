import type { Construct } from "constructs";
import type { Database } from "../../../modules/database/database";
import { DatabaseDashboard } from "../../../modules/quicksight/dashboard";
import type { Platform } from "../platform";

/** All days are read: new figures are the difference from the last known day, however old. */
const QUERY = [
  "select date::timestamp as date, cases, deaths, recoveries,",
  "cases - lag(cases) over days as new_cases,",
  "deaths - lag(deaths) over days as new_deaths,",
  "recoveries - lag(recoveries) over days as new_recoveries",
  "from covid_daily window days as (order by date)",
].join(" ");

/** `pages.quicksight`: the daily feed as a dashboard of Amazon QuickSight. */
export function createCovidDashboard(scope: Construct, platform: Platform, database: Database): void {
  const { network, config } = platform;
  const { owners, secretArn = database.secretArn, refreshAt, timeZone } = config.pages.quicksight;
  new DatabaseDashboard(scope, "quicksight", {
    name: platform.nameOf("covid", "quicksight"),
    title: `${platform.nameOf("covid")}: cases, deaths, recoveries`,
    vpcId: network.vpcId,
    subnetIds: network.privateSubnetIds,
    database,
    secretArn,
    query: QUERY,
    columns: {
      date: "DATETIME",
      cases: "INTEGER",
      deaths: "INTEGER",
      recoveries: "INTEGER",
      new_cases: "INTEGER",
      new_deaths: "INTEGER",
      new_recoveries: "INTEGER",
    },
    charts: [
      { id: "cases", title: "Cases", columns: ["cases"] },
      { id: "deaths", title: "Deaths", columns: ["deaths"] },
      { id: "recoveries", title: "Recoveries", columns: ["recoveries"] },
      { id: "new", title: "New per day", columns: ["new_cases", "new_deaths", "new_recoveries"] },
    ],
    ownerArns: owners,
    refreshAt,
    timeZone,
  });
}
