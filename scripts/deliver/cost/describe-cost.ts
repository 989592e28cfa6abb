import { isPriced, PRICES_SEEN } from "../../../etl/core/prices/price-table";
import type { CostChange, CostLine } from "./plan-cost";

/** Below it, an amount is not a line. */
const LEAST = 0.01;
/** The most lines; the rest is one. */
const MOST_LINES = 8;

/**
 * What plans change on the monthly bill, as lines of text: the sum of what is paid by the hour or month, its lines, what is
 * paid by use, and what has no price.
 *
 * @param quote for texts of the plan
 */
export function describeCost(cost: CostChange, quote: (text: string) => string): readonly string[] {
  const { fixed, byUse, unknown, region } = cost;
  const sum = total(fixed);
  const isChanged = Math.abs(sum) >= LEAST || fixed.some(isShown);
  const lines = [
    `Cost while idle: ${isChanged ? `about ${amount(sum)} USD a month` : unknown.size > 0 ? "no known change" : "no change"}`,
    ...cut(fixed.filter(isShown)).map(({ what, count, dollars }) => {
      return `${amount(dollars)} USD a month: ${quote(what)}${count > 1 ? ` (${count})` : ""}`;
    }),
  ];
  if (cost.unplanned.length > 0) lines.push(`Without ${cost.unplanned.join(" and ")}, which cannot be planned yet`);
  const used = total(byUse);
  if (Math.abs(used) >= LEAST) {
    const names = cut(byUse.filter(isShown)).map(({ what, dollars }) => `${quote(what)} ${amount(dollars)}`);
    lines.push(
      `Paid by use: about ${amount(used)} USD a month for the use that docs/costs.md assumes (${names.join(", ")})`,
    );
  }
  if (unknown.size > 0) {
    const names = [...unknown].map(([name, count]) => `${quote(name)}${count > 1 ? ` (${count})` : ""}`);
    lines.push(`Not priced, and not counted: ${names.join(", ")}`);
  }
  if (isChanged || Math.abs(used) >= LEAST) lines.push(describePrices(region, cost.borrowed, quote));
  return lines;
}

function describePrices(
  region: string | undefined,
  borrowed: readonly string[],
  quote: (text: string) => string,
): string {
  const which = `List prices of ${PRICES_SEEN}, before tax and free tier: docs/costs.md`;
  if (region === undefined) return `${which}; us-east-1's, because the plan names no region`;
  if (!isPriced(region)) return `${which}; us-east-1's, because the table has none of ${quote(region)}`;
  if (borrowed.length === 0) return `${which}; ${region}'s`;
  return `${which}; ${region}'s, but us-east-1's of ${borrowed.join(", ")}`;
}

function isShown({ dollars }: CostLine): boolean {
  return Math.abs(dollars) >= LEAST;
}

function cut(lines: readonly CostLine[]): readonly CostLine[] {
  if (lines.length <= MOST_LINES) return lines;
  const rest = lines.slice(MOST_LINES - 1);
  const what = `${rest.length} others, each less`;
  return [...lines.slice(0, MOST_LINES - 1), { what, count: 1, dollars: total(rest) }];
}

function total(lines: readonly CostLine[]): number {
  return lines.reduce((sum, { dollars }) => sum + dollars, 0);
}

/** For example `+14.60`. */
export function amount(dollars: number): string {
  const rounded = Math.abs(dollars).toFixed(2);
  return `${dollars < 0 && rounded !== "0.00" ? "-" : "+"}${rounded}`;
}
