import { areSensitive } from "../contract/column";
import type { CsvContract } from "../contract/contract";
import type { RejectedLimit } from "../contract/rejected-limit";
import type { RecordOf } from "../contract/types";
import type { ContractReading, ReadTally } from "../csv/check-rows";
import { measure } from "../csv/measure";
import { readRecords } from "../csv/read-records";
import { unpackByContent } from "../csv/unpack/unpack";
import { CsvError, describePlace } from "../errors";
import type { Progress, Source } from "../ports";
import type { RunContext } from "./run-pipeline";

export interface SourceOptions<Contract extends CsvContract> extends Pick<ContractReading<Contract>, "isInScope"> {
  /** Why a source with a header and no rows cannot be right. Default: it may be, and is warned of. */
  readonly neverEmpty?: string;
}

/**
 * Reads a source of a run to its end by its contract, unpacked if it is packed by gzip or zstd, and records the read
 * and rejected rows in the run.
 *
 * @throws CsvError like {@link readRecords}
 */
export async function* readSource<const Contract extends CsvContract>(
  source: Source,
  contract: Contract,
  run: RunContext,
  progress: Progress,
  { neverEmpty, isInScope }: SourceOptions<Contract> = {},
): AsyncGenerator<RecordOf<Contract>[]> {
  const { name, location, unchanged, mayBeCut, day } = source;
  if (areSensitive(contract.columns)) run.isSensitive = true;
  const tally: ReadTally = { rows: 0 };
  const measured = measure(await source.open(), (done) => progress.advance("parse", name, done, source.size));
  const onRejected = run.rejections.add.bind(run.rejections);
  const place = describePlace({ source: location, role: name });
  let isPacked = false;
  const bytes = unpackByContent(measured.bytes, location, (packing) => {
    isPacked = packing !== "none";
  });
  const reading = { source: location, role: name, bytes, contract, tally, onRejected, isInScope };
  yield* readRecords({ ...reading, isContractFixed: true });
  progress.finish("parse", name);
  if (mayBeCut === true && !isPacked)
    run.warn(`${place}: it came without its length and ends within a line: it may be incomplete`);
  const read = { name, location, ...measured.total(), rows: tally.rows };
  const { header = [], empty = [], unknown = [] } = tally;
  if (unknown.length > 0)
    run.warn(
      `${place}: its header has columns that the contract does not have: ${unknown.map((name) => JSON.stringify(name)).join(", ")}`,
    );
  run.sources.push({
    ...read,
    ...(unchanged !== undefined && { unchanged }),
    ...(day !== undefined && { day }),
    header,
    ...(empty.length > 0 && { empty }),
  });
  if (tally.rows > 0) return;
  if (neverEmpty === undefined) run.warn(`${place}: it has a header and no rows`);
  else {
    throw new CsvError("This source has a header and no rows", {
      expected: "at least one row",
      where: { source: location, role: name },
      fix: `Check its origin: ${neverEmpty}`,
    });
  }
}

/**
 * Passes batches on and ends the load, before anything is written, if more rows of the sources were rejected than the
 * limit allows.
 *
 * @param setting how a user sets the limit here, for example `--max-rejected`
 * @throws RejectedLimitError at the end of the batches
 */
export async function* withinLimit<Batch>(
  batches: AsyncIterable<Batch>,
  run: RunContext,
  limit: RejectedLimit,
  setting: string,
): AsyncGenerator<Batch> {
  yield* batches;
  run.rejections.check(
    limit,
    run.sources.reduce((sum, { rows }) => sum + rows, 0),
    setting,
  );
}
