import type { Feed } from "../../../etl/core/contract/contract";
import { UsageError } from "../../../etl/core/errors";
import { covidDaily } from "../../../etl/pipelines/covid/contracts";
import { openContract } from "../feed/contract/open-contract";

/** What has a history. */
export interface HistorySubject {
  /** As the run ledger names it. */
  readonly pipeline: string;
  readonly table: string;
  readonly key: readonly string[];
  /** Undefined for `covid`. */
  readonly feed?: Feed;
}

/**
 * @param name `covid`, a feed, or the path of a contract
 * @param others names that the command takes, too
 * @throws UsageError for a pipeline without a table
 */
export function historySubject(name: string, others: readonly string[] = []): HistorySubject {
  if (name === "covid") return { pipeline: name, table: covidDaily.table, key: covidDaily.key };
  if (name === "orders" || name === "metadata") {
    throw new UsageError(`${name} has no table`, {
      got: JSON.stringify(name),
      expected: "covid, or a feed",
      fix:
        name === "orders"
          ? "Its messages can be undone by the name of their batch; its ledger keeps only the last versions"
          : undefined,
    });
  }
  const feed = openContract(name, {}, ["covid", ...others]);
  return { pipeline: feed.name, table: feed.table, key: feed.key, feed };
}
