import type { CsvContract } from "../contract/contract";
import type { RecordOf } from "../contract/types";
import { type ContractReading, checkRows, requireHeader } from "./check-rows";
import { RecordDecoder } from "./record-decoder";

/** The source to read, and the callbacks. The bytes are the whole source. */
export type RecordsReading<Contract extends CsvContract> = Omit<
  ContractReading<Contract>,
  "source" | "role" | "offset" | "lineBreaks" | "head"
> & {
  /** The source's name in the pipeline. */
  readonly name: string;
  /** Path, URL or `s3://` address, for messages. Default: the name. */
  readonly location?: string;
};

/**
 * Reads a source by its contract, in batches of records. The columns are found by name in the header.
 *
 * @throws CsvError if the source is empty, a column is missing, or the text is not CSV
 */
export async function* readRecords<const Contract extends CsvContract>(
  reading: RecordsReading<Contract>,
): AsyncGenerator<RecordOf<Contract>[]> {
  const { name, location = name } = reading;
  const whole = { ...reading, source: location, role: name };
  let decoder: RecordDecoder<Contract> | undefined;
  let records: RecordOf<Contract>[] = [];
  const rows = checkRows<Contract>(whole, (row, columns) => {
    decoder ??= new RecordDecoder<Contract>(columns);
    const reason = columns.explain(row) ?? decoder.explain(row);
    if (reason === undefined) records.push(decoder.decode(row));
    return reason;
  });
  for await (const _ of rows) {
    if (records.length === 0) continue;
    yield records;
    records = [];
  }
  requireHeader(whole);
}
