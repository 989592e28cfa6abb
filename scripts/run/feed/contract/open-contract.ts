import { readFileSync } from "node:fs";
import type { Feed } from "../../../../etl/core/contract/contract";
import { parseFeed } from "../../../../etl/core/contract/schema/check-contract";
import { UsageError } from "../../../../etl/core/errors";
import { contracts, findContract } from "../../../../etl/feeds/feeds";
import { userPath } from "../../../command-line/user-path";
import { type ObjectSource, samplesOf } from "../open-objects";
import { refuseDoubles } from "./contract-files";
import { findJsonFault } from "./json-fault";

/** The first argument of `feed` and `doctor`. */
export const CONTRACT_ARGUMENT = "a contract below etl/feeds, or the path of one in JSON";

/** A text with a slash, or that ends in `.json`, is the path of a contract, not a name. */
function isPath(contract: string): boolean {
  return /[/\\]|\.json$/.test(contract);
}

/**
 * Finds the contract that a command names: one of the project's, or one in a JSON file, for trying it before adding it.
 *
 * @param said the command's argument in place of the contract
 * @param others names that the command takes in addition to contracts'
 * @throws UsageError if there is none, or with its fault
 */
export function openContract(
  contract: string,
  said: Pick<Feed, "maxRejected"> = {},
  others: readonly string[] = [],
): Feed {
  const opened = findOrRead(contract, others);
  return said.maxRejected === undefined ? opened : { ...opened, maxRejected: said.maxRejected };
}

function findOrRead(contract: string, others: readonly string[]): Feed {
  if (!isPath(contract)) {
    refuseDoubles(contracts);
    return findContract(contract, others);
  }
  const { $schema: _, ...feed } = readJson(contract);
  return parseFeed(feed, contract);
}

/**
 * The place of the objects: files, `from`, or the made-up samples of a contract of the project.
 *
 * @throws UsageError if no argument names it, or two do
 */
export function sourceOf(contract: string, { from, files = [] }: ObjectSource): ObjectSource {
  if (files.length > 0 && from !== undefined) {
    const got = `${files[0]} and --from ${from}`;
    throw new UsageError("Files are named, and --from", { got, fix: "Leave one of them out" });
  }
  if (files.length > 0) return { files };
  if (from !== undefined) return { from };
  if (!isPath(contract)) return { from: samplesOf(contract) };
  throw new UsageError("A contract that is a file has no samples", {
    got: contract,
    fix: "Name its files, or their folder by --from",
  });
}

function readJson(path: string): Record<string, unknown> {
  const where = { source: path };
  let text: string;
  try {
    text = readFileSync(userPath(path), "utf8").replace(/^\ufeff/, "");
  } catch (cause) {
    throw new UsageError("The contract cannot be read", {
      got: (cause as Error).message,
      where,
      fix: "Correct the path; a contract of the project is named without a slash and .json",
      cause,
    });
  }
  const fault = findJsonFault(text);
  if (fault !== undefined) {
    throw new UsageError("The JSON of the contract has a fault", {
      got: fault.what,
      where: { ...where, line: fault.line, column: String(fault.character) },
      fix: "Correct the file",
    });
  }
  const value: unknown = JSON.parse(text);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new UsageError("The contract is not a JSON object", {
    got: text.trim().slice(0, 60),
    expected: '{ "name": …, "table": …, "columns": { … }, "key": [ … ] }',
    where,
    fix: "Write it as docs/feeds.md shows, or begin with docs/contract.schema.json",
  });
}
