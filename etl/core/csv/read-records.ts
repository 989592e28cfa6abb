import type { CsvContract } from "../contract/contract";
import type { RecordOf } from "../contract/types";
import { type ContractReading, checkRows, requireHeader } from "./check-rows";
import { RecordDecoder } from "./record-decoder";

/**
 * Reads a whole source by its contract, in batches of records. The columns are found by name in the header.
 *
 * @throws CsvError if the source is empty, a column is missing, or the text is not CSV
 */
export async function* readRecords<const Contract extends CsvContract>(
  reading: ContractReading<Contract>,
): AsyncGenerator<RecordOf<Contract>[]> {
  let decoder: RecordDecoder<Contract> | undefined;
  let records: RecordOf<Contract>[] = [];
  const rows = checkRows<Contract>(reading, (row, columns) => {
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
  requireHeader(reading);
}
