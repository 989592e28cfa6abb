import {
  findPrice,
  MONTH_HOURS,
  PRICED_REGIONS,
  PRICES,
  PRICES_SEEN,
  type PricedRegion,
  type PriceName,
} from "../../../etl/core/prices/price-table";
import { costOfUse } from "../../../etl/core/prices/run-use";
import { freeGroups } from "../../deliver/cost/free-types";
import { assumptions } from "./assumptions";
import { exampleRuns, LEDGER_READS_PER_GB } from "./running";
import { type Bills, billsOf, sumOf } from "./sum-bills";
import { examples, variants } from "./variants";

const INTRODUCTION = `# What it costs

<!-- Generated from etl/core/prices and scripts/deliver/cost by \`npm run docs:config\`. Changes belong there. -->

US dollars per month of ${MONTH_HOURS} hours, list prices of ${PRICES_SEEN}, before tax and free tier. The comment on a plan and
\`npm run deploy\` say by the same code what a change adds or saves, the page of a pipeline what its runs cost. Prices change: the
pages named below are authoritative, and none was read from a live price list by this project. RDS prices of us-east-1 are as quoted
for 2026 by two independent lists, those of eu-central-1 as seen in bills, the rest from the pages named, as last seen. Where
eu-central-1 has no price here, us-east-1's stands in, and a plan says so.
`;

/** docs/costs.md. */
export function renderCosts(): string {
  const dev = billsOf(examples.dev, {});
  return [INTRODUCTION, idle(dev), settings(dev), running(), use(), prices(), free()].join("\n");
}

const [REFERENCE, OTHER] = PRICED_REGIONS;

function idle(dev: Bills): string {
  const prod = billsOf(examples.prod, {});
  const kinds = (byUse: boolean) => [
    ...new Set([...dev[REFERENCE], ...prod[REFERENCE]].filter((item) => item.byUse === byUse).map(({ kind }) => kind)),
  ];
  const cells = (title: string, byUse?: boolean, kind?: string) =>
    row([
      title,
      ...[dev, prod].flatMap((bills) =>
        PRICED_REGIONS.map((region) => dollars(sumOf(bills[region], { byUse, kind }), kind === undefined)),
      ),
    ]);
  const shown = (byUse: boolean) =>
    kinds(byUse).filter((kind) => [dev, prod].some((bills) => sumOf(bills[REFERENCE], { byUse, kind }) >= 0.005));
  return [
    "## Idle",
    "",
    "What is paid while nothing runs, and below it what is paid by use, for the use that is [assumed](#assumed-use).",
    "",
    ...header([
      "item",
      ...(["dev", "prod"] as const).flatMap((name) => PRICED_REGIONS.map((region) => `${name}, ${region}`)),
    ]),
    ...shown(false).map((kind) => cells(`${kind}${describe(kind, dev, prod)}`, false, kind)),
    cells("**while idle**", false),
    ...shown(true).map((kind) => cells(kind, true, kind)),
    cells("**by use**", true),
    cells("**sum**"),
    "",
    `\`dev\` has egress \`none\` and a db.t4g.micro in one zone, \`prod\` a db.t4g.small in two and a trail.`,
    "",
  ].join("\n");
}

/** How many, or what the environments have of it. */
function describe(kind: string, dev: Bills, prod: Bills): string {
  const found = [dev, prod].map((bills) => bills[REFERENCE].filter((item) => item.kind === kind));
  const details = [...new Set(found.map(([first]) => first?.detail))].filter((detail) => detail !== undefined);
  if (details.length > 0) return ` ${details.join(" · ")}`;
  const [inDev = 0, inProd = 0] = found.map(({ length }) => length);
  if (inDev <= 1 && inProd <= 1) return "";
  return inDev === inProd ? ` (${inDev})` : ` (${inDev} · ${inProd})`;
}

function settings(dev: Bills): string {
  const lines = variants.map(({ title, overrides, note = "" }) => {
    const bills = billsOf(examples.dev, overrides);
    const added = (region: PricedRegion, byUse: boolean) =>
      dollars(sumOf(bills[region], { byUse }) - sumOf(dev[region], { byUse }));
    return row([title, ...PRICED_REGIONS.map((region) => added(region, false)), added(REFERENCE, true), note]);
  });
  return [
    "## What settings add",
    "",
    "To `dev`.",
    "",
    ...header(["with", ...PRICED_REGIONS, "by use", ""]),
    ...lines,
    "",
  ].join("\n");
}

function running(): string {
  const lines = exampleRuns.map(({ title, use }) => {
    const once = costOfUse(use, REFERENCE);
    return row([title, once.toFixed(5), (30 * once).toFixed(3), (30 * costOfUse(use, OTHER)).toFixed(3)]);
  });
  const ledger = costOfUse({ "DynamoDB read": LEDGER_READS_PER_GB }, REFERENCE);
  return [
    "## Running",
    "",
    ...header(["what", "a run", `30 runs, ${REFERENCE}`, `30 runs, ${OTHER}`]),
    ...lines,
    "",
    `The page of \`orders\` reads the whole ledger: ${ledger.toFixed(3)} for each GB, hourly ${(MONTH_HOURS * ledger).toFixed(0)} per month; a year of`,
    'a thousand customers per day is 0.02 GB. `pages.refresh: "rate(1 day)"` takes a 24th.',
    "",
  ].join("\n");
}

function use(): string {
  return ["## Assumed use", "", ...assumptions.map((line) => `- ${line}`), ""].join("\n");
}

function prices(): string {
  const lines = (Object.keys(PRICES) as PriceName[]).map((name) => {
    const { unit, source } = PRICES[name];
    const each = PRICED_REGIONS.map((region) => {
      const found = findPrice(name, region);
      return found.region === region ? plain(found.usd) : "";
    });
    return row([name, ...each, unit, `[source](${source})`]);
  });
  return ["## Prices", "", ...header(["what", ...PRICED_REGIONS, "for a", "source"]), ...lines, ""].join("\n");
}

function free(): string {
  const lines = freeGroups.map(({ why, source, types }) =>
    row([why, types.map((type) => `\`${type}\``).join(", "), `[source](${source})`]),
  );
  const intro =
    "A type of resource that is neither here nor priced is named by the plan's comment, and never counted as free.";
  return ["## What is free", "", intro, "", ...header(["why", "types", "source"]), ...lines, ""].join("\n");
}

function header(titles: readonly string[]): readonly string[] {
  return [row(titles), `|${titles.map(() => "---").join("|")}|`];
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

function dollars(amount: number, isBold = false): string {
  const text = Math.abs(amount) < 0.005 ? "0.00" : amount.toFixed(2);
  return isBold ? `**${text}**` : text;
}

/** Without an exponent. */
function plain(amount: number): string {
  return amount.toFixed(12).replace(/\.?0+$/, "");
}
