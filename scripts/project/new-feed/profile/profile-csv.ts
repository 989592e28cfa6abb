import type { Encoding } from "../../../../etl/core/contract/contract";
import { readRows } from "../../../../etl/core/csv/rows/read-rows";
import type { Packing } from "../../../../etl/core/csv/unpack/packing";
import { peek } from "../../../../etl/core/csv/unpack/peek";
import { unpackByContent } from "../../../../etl/core/csv/unpack/unpack";
import { CsvError } from "../../../../etl/core/errors";
import type { Bytes } from "../../../../etl/core/ports";
import { decodeText } from "./decode-text";
import { guessDialect } from "./dialect/guess-dialect";
import { refuseBroken } from "./rows/explain-row";
import { ProfiledRows, type RowsProfile } from "./rows/profiled-rows";

/** The part of a file that shows its delimiter and its header. */
const HEAD_BYTES = 2_097_152;

/** The profile of a whole CSV file. */
export interface Profile extends RowsProfile {
  readonly packing: Packing;
  readonly encoding: Encoding;
  readonly delimiter: string;
}

/**
 * Reads an unknown CSV once, in memory that does not grow with it.
 *
 * @param source its name in messages
 * @throws CsvError if it is not CSV, has neither header nor row, or more than a tenth of its lines are no rows
 */
export async function profileCsv(bytes: Bytes, source: string): Promise<Profile> {
  let packing: Packing = "none";
  const unpacked = unpackByContent(bytes, source, (found) => {
    packing = found;
  });
  const text = await decodeText(unpacked, source);
  const { head, isWhole, bytes: all } = await peek(text.bytes, HEAD_BYTES);
  // A line longer than the head is refused by the reader.
  const lines = isWhole ? head : head.subarray(0, head.lastIndexOf("\n") + 1 || head.length);
  if (
    lines
      .toString()
      .replace(/^\uFEFF/, "")
      .trim() === ""
  ) {
    throw new CsvError("This file is empty", { where: { source }, fix: "Name one that has a header, and rows" });
  }
  const dialect = await guessDialect(lines, source);
  const reading = new ProfiledRows(dialect, source);
  for await (const _ of readRows({ bytes: reading.watch(all), delimiter: dialect.delimiter, source }, reading.take));
  const profile = { delimiter: dialect.delimiter, packing, encoding: text.encoding, ...reading.end() };
  refuseBroken(profile, source);
  return profile;
}
