import type * as z from "zod";
import { UsageError } from "../../errors";
import type { CsvContract, Feed, TableContract } from "../contract";
import { type Fault, findFaults } from "./limits";
import { csvSchema, feedSchema, tableSchema } from "./schema";

/**
 * Checks a feed's contract, whether TypeScript or JSON has it.
 *
 * @param source what messages call it. Default: its name
 * @throws UsageError that names what PostgreSQL or the reader would not take, where it stands, and what to do
 */
export function checkFeed<Contract extends Feed>(contract: Contract, source?: string): Contract {
  check(feedSchema, contract, source ?? `The contract ${contract.name}`);
  return contract;
}

/** As {@link checkFeed}, for what is not known to be a contract. */
export function parseFeed(value: unknown, source: string): Feed {
  check(feedSchema, value, source);
  return value as Feed;
}

/** As {@link checkFeed}, for a CSV without a table. */
export function checkCsv<Contract extends CsvContract>(contract: Contract, source: string): Contract {
  check(csvSchema, contract, source);
  return contract;
}

/** As {@link checkFeed}, for a table without a CSV. */
export function checkTable<Contract extends TableContract>(contract: Contract): Contract {
  check(tableSchema, contract, `The table ${contract.table}`);
  return contract;
}

function check(schema: z.ZodType<CsvContract | TableContract>, contract: unknown, source: string): void {
  const result = schema.safeParse(contract);
  const faults = result.success ? [...findFaults(contract as Feed)] : result.error.issues.map(faultOf);
  const [fault] = faults;
  if (fault === undefined) return;
  const path = fault.path.join(".");
  const more = faults.length > 1 ? ` There are ${faults.length - 1} more such places` : "";
  throw new UsageError(`${source} cannot be used: ${path === "" ? "the whole" : path}`, {
    got: quoteAt(contract, fault.path),
    expected: fault.expected,
    fix: `${fault.fix ?? "Correct the contract"}.${more}`.replace(/\.$/, ""),
  });
}

function faultOf(issue: z.core.$ZodIssue): Fault {
  const path = issue.path.map(String);
  switch (issue.code) {
    case "unrecognized_keys":
      return {
        path: [...path, issue.keys[0] ?? ""],
        expected: "nothing: there is no such option here",
        fix: "Correct its name, or leave it out",
      };
    case "invalid_union":
      if (issue.errors.length === 0) {
        return { path, expected: `one of ${TYPES.join(", ")}`, fix: "Correct the type" };
      }
      return { path, expected: [...new Set(issue.errors.flat().map(({ message }) => tell(message)))].join(", or ") };
    default:
      return { path, expected: tell(issue.message) };
  }
}

const TYPES = [
  "text",
  "integer",
  "bigint",
  "numeric",
  "double",
  "boolean",
  "date",
  "timestamp",
  "timestamptz",
  "uuid",
  "json",
];

/** `Invalid input: expected string, received number` → `string`. */
function tell(message: string): string {
  return message.replace(/^(?:Invalid [a-z]+|Too (?:small|big)): (?:expected )?/, "").replace(/, received .*$/, "");
}

function quoteAt(contract: unknown, path: readonly string[]): string {
  let value = contract;
  for (const part of path) value = (value as Record<string, unknown> | undefined)?.[part];
  const isName = path.length === 2 && path[0] === "columns";
  const text = (isName ? JSON.stringify(path[1]) : JSON.stringify(value)) ?? "nothing";
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}
