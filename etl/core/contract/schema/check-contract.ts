import { UsageError } from "../../errors";
import type { Feed } from "../contract";
import { type Fault, findFaults } from "./limits";
import { feedSchema } from "./schema";
import { tellIssue } from "./tell-issue";

/**
 * Checks a feed's contract, from TypeScript or JSON.
 *
 * @throws UsageError that names what PostgreSQL or the reader would refuse, its place, and what to do
 */
export function checkFeed<Contract extends Feed>(contract: Contract): Contract {
  check(contract, `The contract ${contract.name}`);
  return contract;
}

/** Like {@link checkFeed}, for an unknown value. */
export function parseFeed(value: unknown, source: string): Feed {
  check(value, source);
  return value as Feed;
}

function check(contract: unknown, source: string): void {
  const result = feedSchema.safeParse(contract);
  const faults = result.success ? [...findFaults(contract as Feed)] : result.error.issues.flatMap(tellIssue);
  const [fault, ...others] = faults;
  if (fault === undefined) return;
  throw new UsageError(`${source} cannot be used: ${placeOf(fault)}`, {
    got: quoteAt(contract, fault.path),
    expected: fault.expected,
    fix: `${fault.fix ?? "Correct the contract"}${listPlaces(others)}`,
  });
}

function placeOf({ path }: Fault): string {
  return path.length === 0 ? "the whole" : path.join(".");
}

/** The number of further faults that are named. */
const MOST_PLACES = 3;

function listPlaces(faults: readonly Fault[]): string {
  const places = [...new Set(faults.map(placeOf))];
  const unnamed = places.length - MOST_PLACES;
  const named = places.slice(0, MOST_PLACES).join(", ");
  return named === "" ? "" : `. Wrong as well: ${named}${unnamed > 0 ? ` and ${unnamed} more` : ""}`;
}

function quoteAt(contract: unknown, path: readonly string[]): string {
  let value = contract;
  for (const part of path) value = (value as Record<string, unknown> | undefined)?.[part];
  const isName = path.length === 2 && path[0] === "columns";
  const text = (isName ? JSON.stringify(path[1]) : JSON.stringify(value)) ?? "nothing";
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}
