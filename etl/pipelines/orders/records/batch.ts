import { isDate } from "../../../core/contract/fields/quick-checks";

/** The files that make a batch. */
export const KINDS = ["customers", "orders", "items"] as const;
export type Kind = (typeof KINDS)[number];

/** One date under one prefix of the bucket. */
export interface Batch {
  /** `<prefix><YYYYMMDD>`: unique in the bucket, and its name for people. */
  readonly id: string;
  /** Empty, or ends with a slash. */
  readonly prefix: string;
  /** `YYYYMMDD` */
  readonly date: string;
}

const FILE_NAME = /^(.*\/)?(customers|orders|items)_(\d{4})(\d\d)(\d\d)\.csv(?:\.gz)?$/s;

/** The batch that a key belongs to by its name; undefined for a file of another name. */
export function parseBatchFile(key: string): Batch | undefined {
  const match = FILE_NAME.exec(key);
  if (match === null) return undefined;
  const [, prefix = "", , year, month, day] = match;
  if (!isDate(Buffer.from(`${year}-${month}-${day}`), 0, 10)) return undefined;
  const date = `${year}${month}${day}`;
  return { id: `${prefix}${date}`, prefix, date };
}

/** The keys that a file of a batch may have. */
export function keysOf({ prefix, date }: Batch, kind: Kind): readonly [plain: string, packed: string] {
  const key = `${prefix}${kind}_${date}.csv`;
  return [key, `${key}.gz`];
}
