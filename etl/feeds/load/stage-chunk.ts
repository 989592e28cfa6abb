import { createHash, type Hash } from "node:crypto";
import type { Transaction } from "kysely";
import type { Feed } from "../../core/contract/contract";
import { SOURCE_OFFSET } from "../../core/contract/schema/names";
import type { ReadTally } from "../../core/csv/check-rows";
import type { Row } from "../../core/csv/rows/row";
import type { SourceColumns } from "../../core/csv/source-columns";
import type { CopyRows } from "../../core/database/database";
import type { Kept } from "../../core/load/history";
import { type KeyColumnType, KeyOrder } from "../../core/load/key-order";
import { prepareStage, type StagedRows } from "../../core/load/pieces";
import { createStage, dropStage, tuneForLoad } from "../../core/load/stage";
import { readHabits, refuseUnwritable, type TableHabits } from "../../core/load/table-habits";
import type { FeedTables } from "../ledger/tables";
import type { ChunkCounts } from "../run/events";
import { nameTarget, type TargetName } from "../target/target-name";
import type { CallTime } from "./call-time";
import { type ChunkReading, encodeChunk } from "./read-chunk";
import { copyChunk } from "./refused/copy-chunk";
import { writeStage } from "./refused/refused-row";
import { upsertNewest } from "./upsert-newest";

/** The table that a chunk is written into. */
export interface OpenTarget {
  readonly name: TargetName;
  readonly habits: TableHabits;
}

/** @throws DatabaseError where nothing can be upserted there */
export async function openTarget(trx: Transaction<FeedTables>, { table }: Feed): Promise<OpenTarget> {
  const name = await nameTarget(trx, table);
  const habits = await readHabits<FeedTables>(trx, table);
  refuseUnwritable(table, habits);
  return { name, habits };
}

export interface StagedChunk extends StagedRows {
  readonly keyTypes: readonly string[];
  readonly tally: ReadTally;
  /** Hex sha256 of the rows. */
  readonly result: string;
}

export interface Staging extends Pick<ChunkReading, "contract" | "objects" | "chunk" | "rejections"> {
  /** Told how many bytes of the chunk are read, and how many of its rows keep the contract. Default: nobody is. */
  readonly onBytes?: (done: number, rows: number) => void;
}

/** Copies the rows of a chunk that keep the contract into the stage. */
export async function stageChunk(
  trx: Transaction<FeedTables>,
  { contract, objects, chunk, rejections, onBytes: told }: Staging,
): Promise<StagedChunk> {
  const columns = [...Object.keys(contract.columns), SOURCE_OFFSET];
  await tuneForLoad(trx);
  const types = await createStage(trx, contract.table, columns);
  let rows = 0;
  let order: KeyOrder<string, Row> | undefined;
  const tally: ReadTally = { rows: 0 };
  const see = (row: Row, of: SourceColumns) => {
    rows += 1;
    order ??= new KeyOrder(contract.key, types, (column) => keyReader(column, of, types));
    if (order.isIncreasing) order.see(row, rows);
  };
  const onBytes = (done: number) => told?.(done, rows);
  const hash = createHash("sha256");
  const first = { contract, objects, chunk, rejections, tally, see, onBytes };
  const again = { ...first, rejections: { add: nothing }, tally: { rows: 0 }, see: nothing };
  await copyChunk(trx, { contract, source: objects.locate(chunk.key), triggers: [] }, columns, (isFirst) =>
    isFirst ? hashed(encodeChunk(first), hash) : encodeChunk(again),
  );
  const { isIncreasing = true, isServersOrder = true } = order ?? {};
  const keyTypes = contract.key.map((column) => types.get(column)?.type ?? "");
  return { rows, isIncreasing, isServersOrder, keyTypes, tally, result: hash.digest("hex") };
}

const nothing = () => undefined;

async function* hashed(rows: CopyRows, hash: Hash): CopyRows {
  for await (const buffer of rows) {
    hash.update(buffer);
    yield buffer;
  }
}

export interface StagedWriting {
  readonly contract: Feed;
  /** `import_object.id` of what the rows come from, and what messages call it. */
  readonly object: number;
  readonly source: string;
  readonly run: string;
  readonly time?: CallTime;
}

/** Writes the stage into its table, where no newer row is there, and takes it away. */
export async function writeStaged(
  trx: Transaction<FeedTables>,
  staged: StagedChunk,
  { name, habits }: OpenTarget,
  { contract, object, source, run, time }: StagedWriting,
): Promise<Omit<ChunkCounts, "rows" | "rejected">> {
  const { table, key } = contract;
  const columns = Object.keys(contract.columns).filter((column) => !key.includes(column));
  const target = { table, key, columns };
  const { pieces, duplicates } = await prepareStage(trx, target, staged);
  const history = { run, kept: keptOf(contract), keyTypes: staged.keyTypes, most: staged.rows };
  const write = (isWhole: boolean) =>
    upsertNewest(trx, target, { object, pieces: isWhole ? pieces : undefined, habits, name, history });
  await time?.limit(trx, staged.rows);
  const written = await writeStage(trx, { contract, source, triggers: habits.triggers }, write).catch(
    (error: unknown) => {
      throw time?.explainWriting(error, staged.rows) ?? error;
    },
  );
  await time?.release(trx);
  await dropStage(trx);
  const { inserted, updated, dropped, altered } = written;
  const superseded = written.superseded + duplicates;
  const unchanged = staged.rows - inserted - updated - superseded - dropped;
  return { inserted, updated, unchanged, superseded, dropped, altered };
}

function keptOf({ history, revisions }: Feed): Kept {
  return history ?? (revisions === true ? "changes" : "none");
}

/** A field as {@link KeyOrder} compares it: whole numbers as numbers, all else as its text. */
function keyReader(name: string, columns: SourceColumns, types: ReadonlyMap<string, KeyColumnType>) {
  const column = columns.all.find((known) => known.name === name);
  const at = column?.at ?? -1;
  // Where marks stand between its digits, it is no number as it stands.
  const isNumber = types.get(name)?.type.startsWith("int") === true && column?.rewrite === undefined;
  return (row: Row) => (isNumber ? row.number(at) : row.text(at));
}
