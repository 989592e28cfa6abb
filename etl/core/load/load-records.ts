import type { Insertable, Transaction } from "kysely";
import type { Columns } from "../contract/column";
import type { TableContract } from "../contract/contract";
import { findErrorCode } from "../database/database";
import type { RevisionTable } from "../database/tables";
import type { Progress } from "../ports";
import { hashed, type ResultHash } from "../runs/result-hash";
import { compareWritten } from "./compare-written";
import { encodeCopyText } from "./copy-text";
import { gatherFew, readPlainTypes, stageOf } from "./few-records";
import type { Kept } from "./history";
import { KeyOrder } from "./key-order";
import { prepareStage } from "./pieces";
import { undoUpsert } from "./plain-first";
import { copyIntoStage, createStage, dropStage, tuneForLoad } from "./stage";
import { describeHabits, fireDeferred, NO_HABITS, readHabits, refuseUnwritable } from "./table-habits";
import { upsertStage } from "./upsert";

type Column<DB, Table extends keyof DB> = keyof Insertable<DB[Table]> & string;

/** The class of SQLSTATE for values that a type does not take. */
const DATA_EXCEPTION = "22";

/** The value of a column; `undefined` is not one: null means unknown. */
type Loadable<DB, Table extends keyof DB, Name extends Column<DB, Table>> = {
  readonly [Each in Name]: Exclude<Insertable<DB[Table]>[Each], undefined>;
};

/** The target of a load, from the table's contract: for {@link loadRecords}, together with the records. */
export function targetOf<C extends Columns, Table extends string, Key extends string>({
  table,
  key,
  columns,
}: TableContract<C, Table, Key>) {
  const keys: readonly string[] = key;
  const isRest = (name: string): name is Exclude<keyof C & string, Key> => !keys.includes(name);
  return { table, key, columns: Object.keys(columns).filter(isRest) };
}

/** What to load and where. */
export interface Load<
  DB,
  Table extends keyof DB & string,
  Key extends Column<DB, Table>,
  Rest extends Column<DB, Table>,
> {
  readonly table: Table;
  /** The natural key: a unique index on exactly these columns must exist. */
  readonly key: readonly [Key, ...Key[]];
  /**
   * The other columns of the records, if any; columns not named keep their value, or get their default in a new row.
   */
  readonly columns: readonly Rest[];
  /** Batches of records. At most one batch and a buffer are held in memory. Of records with one key, the last wins. */
  readonly records: AsyncIterable<readonly Loadable<DB, Table, Key | Rest>[]>;
  /**
   * Keep what it takes to undo the load, under this run: values of changed records before and after, and the keys of
   * new ones. @default nothing is kept
   */
  readonly run?: DB extends { revision: RevisionTable } ? string : never;
  /** Keep less than that. @default full */
  readonly kept?: Kept;
  /** Gets all records: what a run loads. Default: none. */
  readonly result?: ResultHash;
  /** Called with one line about records that triggers of the table dropped or changed. Default: not called. */
  readonly warn?: (warning: string) => void;
  /** Called with the number of records sent so far, as stage `load`. */
  readonly progress?: Progress;
}

/**
 * The result of a load, by the table's content after it: `inserted + updated + unchanged + dropped + duplicates` is the
 * number of records it was given.
 */
export interface LoadCounts {
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged: number;
  /** Records that differed and were not written: a trigger dropped them, or changed them back to the table's values. */
  readonly dropped: number;
  /** Records replaced by a later one with the same key. */
  readonly duplicates: number;
  /** Rows written to `revision`. */
  readonly revisions: number;
}

/**
 * Makes a table match the records, inside the caller's transaction: new keys are inserted, changed records updated,
 * equal ones not touched. Memory does not grow with the number of records.
 *
 * Concurrent loads of one table never deadlock, but for exact revisions the caller must serialise them.
 *
 * ```ts
 * async function* records() {
 *   yield [{ visit_id: 17, day: "2026-08-28", amount: null }];
 * }
 * // `visits` is a table of a contract (defineTable), with the columns visit_id, day and amount; it exists.
 * const { db } = await openPostgres<TablesOf<typeof visits>>("postgres://localhost/millrace");
 * const { inserted, updated } = await db
 *   .transaction()
 *   .execute((trx) => loadRecords(trx, { ...targetOf(visits), records: records() }));
 * ```
 *
 * @throws DatabaseError if a record cannot be stored, or the database fails; the transaction must be rolled back.
 * Errors of `records` are thrown unchanged.
 */
export async function loadRecords<
  DB,
  Table extends keyof DB & string,
  Key extends Column<DB, Table>,
  Rest extends Column<DB, Table>,
>(trx: Transaction<DB>, given: Load<DB, Table, Key, Rest>): Promise<LoadCounts> {
  const { table, key, columns, result } = given;
  const all: readonly (Key | Rest)[] = [...key, ...columns];
  const load = result === undefined ? given : { ...given, records: hashed(given.records, all, result) };
  const types = await readPlainTypes(trx, table, all);
  if (types === undefined) return loadByCopy(trx, load);
  const { few, records, close } = await gatherFew<Key | Rest, Loadable<DB, Table, Key | Rest>>(load.records, key, all);
  try {
    const counts = few && (await loadFew(trx, load, few, types));
    return counts ?? (await loadByCopy(trx, { ...load, records }));
  } finally {
    await close();
  }
}

/** @returns undefined where a value is not what its column takes, and nothing was done: COPY says which one it is */
async function loadFew<
  DB,
  Table extends keyof DB & string,
  Key extends Column<DB, Table>,
  Rest extends Column<DB, Table>,
>(
  trx: Transaction<DB>,
  { table, key, columns, run, kept = "full", progress }: Load<DB, Table, Key, Rest>,
  few: readonly (readonly (string | null)[])[],
  types: readonly string[],
): Promise<LoadCounts | undefined> {
  const sent = few[0]?.length ?? 0;
  if (sent > 0) progress?.advance("load", table, sent);
  const staged = stageOf(few, types, key, [...key, ...columns]);
  try {
    const history = run === undefined ? undefined : { run, kept, keyTypes: types, most: sent };
    const options = { history, pieces: undefined, habits: NO_HABITS, staged };
    const { missed: _, keys = sent, ...counts } = await upsertStage(trx, { table, key, columns }, options);
    progress?.finish("load", table);
    return { ...counts, unchanged: keys - counts.inserted - counts.updated, dropped: 0, duplicates: sent - keys };
  } catch (error) {
    if (findErrorCode(error)?.startsWith(DATA_EXCEPTION) !== true) throw error;
    await undoUpsert(trx);
    return undefined;
  }
}

/** A load of any size and into any table, by a stage: what {@link loadRecords} does with more than few records. */
export async function loadByCopy<
  DB,
  Table extends keyof DB & string,
  Key extends Column<DB, Table>,
  Rest extends Column<DB, Table>,
>(trx: Transaction<DB>, load: Load<DB, Table, Key, Rest>): Promise<LoadCounts> {
  const { table, key, columns, records, run, kept = "full", warn, progress } = load;
  const all = [...key, ...columns];
  await tuneForLoad(trx);
  const habits = await readHabits(trx, table);
  refuseUnwritable(table, habits);
  const types = await createStage(trx, table, all);
  const order = new KeyOrder<Key>(key, types, (column) => (record) => record[column]);
  let sent = 0;
  const rows = encodeCopyText<Key | Rest>(records, all, (record, ordinal) => {
    order.see(record, ordinal);
    sent = ordinal;
  });
  await copyIntoStage(
    trx,
    all,
    progress === undefined ? rows : watch(rows, () => progress.advance("load", table, sent)),
  );
  const target = { table, key, columns };
  const staged = { rows: sent, isIncreasing: order.isIncreasing, isServersOrder: order.isServersOrder };
  const { pieces, duplicates } = await prepareStage(trx, target, staged);
  const keyTypes = key.map((column) => types.get(column)?.type ?? "");
  const history = run === undefined ? undefined : { run, kept, keyTypes, most: sent };
  const { missed, ...counts } = await upsertStage(trx, target, { history, pieces, habits });
  await fireDeferred(trx, habits);
  const { dropped, altered } =
    habits.triggers.length === 0 ? { dropped: 0, altered: 0 } : await compareWritten(trx, target, pieces, missed);
  await dropStage(trx);
  const warning = describeHabits(table, habits, { dropped, altered });
  if (warning !== undefined) warn?.(warning);
  progress?.finish("load", table);
  const unchanged = sent - duplicates - counts.inserted - counts.updated - dropped;
  return { ...counts, unchanged, dropped, duplicates };
}

async function* watch(rows: AsyncIterable<Buffer>, onBuffer: () => void): AsyncGenerator<Buffer> {
  for await (const buffer of rows) {
    onBuffer();
    yield buffer;
  }
}
