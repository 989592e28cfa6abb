import type { CsvContract, Feed } from "../../../etl/core/contract/contract";
import { UsageError } from "../../../etl/core/errors";
import { covidContract } from "../../../etl/pipelines/covid/mend-covid";
import { openContract } from "../feed/contract/open-contract";

/** What rejected rows are of. */
export interface MendSubject {
  /** As the run ledger names it. */
  readonly pipeline: string;
  readonly contractOf: (source: string) => CsvContract;
  /** Undefined for `covid`. */
  readonly feed?: Feed;
}

/**
 * Finds the contracts of a pipeline's rejected rows.
 *
 * @param name `covid`, a feed, or the path of a contract
 * @throws UsageError for a pipeline that keeps no rejected rows in the database
 */
export function mendSubject(name: string): MendSubject {
  if (name === "covid") return { pipeline: name, contractOf: covidContract };
  if (name === "orders") {
    throw new UsageError("The rejected rows of orders are not in the database", {
      got: JSON.stringify(name),
      expected: "covid, or a feed",
      fix: "Correct the batch's file and send it again: only changes become messages. rejected/<batch>/rows.csv has its rejected rows (docs/orders.md)",
    });
  }
  if (name === "metadata") {
    throw new UsageError("metadata reads no rows, and so rejects none", {
      got: JSON.stringify(name),
      expected: "covid, or a feed",
    });
  }
  const feed = openContract(name, {}, ["covid"]);
  return { pipeline: feed.name, contractOf: () => feed, feed };
}
