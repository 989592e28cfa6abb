import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Feed } from "../../../etl/core/contract/contract";
import { parseFeed } from "../../../etl/core/contract/schema/check-contract";
import { UsageError } from "../../../etl/core/errors";
import { findContract } from "../../../etl/feeds/feeds";
import { samplesOf } from "./import-objects";
import { findJsonBreak } from "./json-break";

/** What `--contract` takes. */
export const CONTRACT_OPTION = "a contract below etl/feeds, or the path of one in JSON";

/** What has a slash or ends in `.json` is the path of a contract, and no name. */
function isPath(contract: string): boolean {
  return /[/\\]|\.json$/.test(contract);
}

/**
 * Finds the contract that a command names: one of the project's, or one in a JSON file, to be tried before it is part of it.
 *
 * @throws UsageError where there is none, or what is wrong with it
 */
export function openContract(contract: string): Feed {
  if (!isPath(contract)) return findContract(contract);
  const { $schema: _, ...feed } = readJson(contract);
  return parseFeed(feed, contract);
}

/** Where a contract's objects are, unless the command says it: made-up samples are those of the project's contracts. */
export function sourceOf(contract: string, from: string | undefined): string {
  if (from !== undefined) return from;
  if (!isPath(contract)) return samplesOf(contract);
  throw new UsageError("A contract that is a file has no samples", {
    got: contract,
    fix: "Name its objects by --from",
  });
}

function readJson(path: string): Record<string, unknown> {
  const where = { source: path };
  let text: string;
  try {
    text = readFileSync(resolve(path), "utf8").replace(/^\ufeff/, "");
  } catch (cause) {
    throw new UsageError("The contract cannot be read", {
      got: (cause as Error).message,
      where,
      fix: "Correct the path; a contract of the project is named without a slash and .json",
      cause,
    });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const { line, character } = findJsonBreak(text);
    throw new UsageError("The contract is no JSON", {
      // Some messages quote what is around the place, line breaks too; others have a position.
      got: (cause as Error).message.replace(/(, (\.{3})?"| in JSON).*$/s, ""),
      where: { ...where, line, column: String(character) },
      fix: "Correct the file",
      cause,
    });
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new UsageError("The contract is no JSON object", {
    got: text.trim().slice(0, 60),
    expected: '{ "name": …, "table": …, "columns": { … }, "key": [ … ] }',
    where,
    fix: "Write it as docs/import.md shows, or begin with docs/contract.schema.json",
  });
}
