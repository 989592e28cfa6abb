import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import Papa from "papaparse";
import { counted } from "../etl/core/counted";
import { makeOrders } from "./project/samples/orders";
import { makeSales, SALES_HEADER } from "./project/samples/sales";
import { seeded } from "./project/samples/seeded";

new Command("npm run samples --")
  .description("Writes the made-up sample files below samples/ again: always the same rows.")
  .parse();

const SEED = 20_260_101;
const FIRST_DAY = "2026-01-01";
const DAYS = 240;
/** Everything here is made up, except `US`, the name that the pipeline searches for. */
const PLACES = [
  { country: "Atlantis", province: "", lat: 31.5, long: -24.5, people: 9e5 },
  { country: "Freedonia", province: "Lower Fens", lat: 47.2, long: 11.9, people: 4e5 },
  { country: "Freedonia", province: "Upper Fens", lat: 47.9, long: 12.1, people: 3e5 },
  { country: "Laputa, Isles of", province: "", lat: 44.1, long: -160.3, people: 2e5 },
  { country: "US", province: "", lat: 40, long: -100, people: 9e6 },
];

interface Day {
  readonly date: string;
  readonly cases: number;
  readonly deaths: number;
  readonly recoveries: number;
}

/** Two waves and a weekly dip; deaths follow cases after two weeks, recoveries after three. */
function epidemic(random: () => number, people: number): Day[] {
  const fresh = Array.from({ length: DAYS }, (_, day) => {
    const wave = Math.exp(-(((day - 70) / 26) ** 2)) + 1.6 * Math.exp(-(((day - 190) / 38) ** 2));
    const weekend = day % 7 >= 5 ? 0.6 : 1;
    return Math.round(people * 0.0011 * wave * weekend * (0.85 + 0.3 * random()));
  });
  const total = (day: number, share: number) =>
    Math.round(fresh.slice(0, Math.max(day + 1, 0)).reduce((sum, value) => sum + value, 0) * share);
  return fresh.map((_, day) => ({
    date: new Date(Date.parse(FIRST_DAY) + day * 86_400_000).toISOString().slice(0, 10),
    cases: total(day, 1),
    deaths: total(day - 14, 0.017),
    recoveries: total(day - 21, 0.9),
  }));
}

const random = seeded(SEED);
const feeds = PLACES.map((place) => ({ ...place, days: epidemic(random, place.people) }));
const us = feeds.find(({ country }) => country === "US")?.days ?? [];

const cases = us.map(({ date, cases, deaths }) => ({ date, cases, deaths }));
const recoveries = feeds.flatMap(({ country, province, lat, long, days }) =>
  // The first day is missing on purpose: the real feeds begin on different days, too.
  days.slice(1).map((day) => ({
    Date: day.date,
    "Country/Region": country,
    "Province/State": province,
    Lat: lat,
    Long: long,
    Confirmed: day.cases,
    Recovered: day.recoveries,
    Deaths: day.deaths,
  })),
);

const folder = join(__dirname, "..", "samples", "covid");
mkdirSync(folder, { recursive: true });
for (const [name, rows] of [
  ["made-up-cases.csv", cases],
  ["made-up-recoveries.csv", recoveries],
] as const) {
  writeFileSync(join(folder, name), `${Papa.unparse<object>(rows, { newline: "\n" })}\n`);
  console.log(`samples/covid/${name}: ${counted(rows.length, "row")}`);
}

const ordersFolder = join(__dirname, "..", "samples", "orders", "made-up");
mkdirSync(ordersFolder, { recursive: true });
for (const kind of ["customers", "orders", "items"] as const) {
  const rows = Array.from(makeOrders(kind, { customers: 8, orders: 12, items: 20 }), (row) => [...row]);
  writeFileSync(join(ordersFolder, `${kind}_20260828.csv`), `${Papa.unparse(rows, { newline: "\n" })}\n`);
  console.log(`samples/orders/made-up/${kind}_20260828.csv: ${counted(rows.length - 1, "row")}`);
}

// The second day corrects the last sale of the first: the newer object wins.
const salesFolder = join(__dirname, "..", "samples", "feeds", "sales");
mkdirSync(salesFolder, { recursive: true });
for (const [name, range] of [
  ["made-up-2026-08-27.csv", { first: 0, rows: 120 }],
  ["made-up-2026-08-28.csv", { first: 60, rows: 120 }],
] as const) {
  const rows = Array.from(makeSales(range), (row) => [...row]);
  if (range.first > 0)
    rows.unshift(["1000060", "2", "2026-08-27T23:36:00Z", "2026-08-27", "vase", "broken", "1", "0.00", "true"]);
  writeFileSync(join(salesFolder, name), `${Papa.unparse([SALES_HEADER, ...rows], { newline: "\n" })}\n`);
  console.log(`samples/feeds/sales/${name}: ${counted(rows.length, "row")}`);
}
