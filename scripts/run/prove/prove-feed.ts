import { type Kysely, sql } from "kysely";
import { ownCode } from "../../../etl/adapters/files/own-code";
import { openPglite } from "../../../etl/adapters/pglite/pglite";
import type { Feed } from "../../../etl/core/contract/contract";
import { LiveDatabase } from "../../../etl/core/database/live-database";
import { MillraceError, UsageError } from "../../../etl/core/errors";
import { quoteTable } from "../../../etl/core/load/table-habits";
import type { RangedObjects } from "../../../etl/core/objects/objects";
import { startRun } from "../../../etl/core/runs/runs";
import type { FeedTables } from "../../../etl/feeds/ledger/tables";
import { loadChunk } from "../../../etl/feeds/load/load-chunk";
import { isPart } from "../../../etl/feeds/load/read-chunk";
import type { FeedChunk } from "../../../etl/feeds/run/events";
import { makeTables } from "../../../etl/feeds/target/prepare-tables";
import type { Reader } from "../undo/as-of";
import { findDifference } from "./find-difference";
import { judge, type Proof } from "./proof";
import { readAll, type StoredRun } from "./stored-run";

export interface FeedProving {
  readonly read: Reader;
  /** Opens what the run read: `s3://bucket/prefix`, or a folder. */
  readonly open: (source: string) => Promise<RangedObjects>;
}

/** A chunk that the run loaded, and what the ledger has of it. */
interface StoredChunk {
  readonly chunk: FeedChunk;
  readonly location: string;
  readonly rejected: number;
  readonly code: string | null;
  readonly result: string | null;
}

/**
 * Loads the chunks of a feed's run again, one after the other, each into an empty table of a database in memory, until one differs.
 */
export async function proveFeed(run: StoredRun, contract: Feed, { read, open }: FeedProving): Promise<Proof> {
  const { source, chunks } = await readChunks(read, run);
  const objects = await open(source);
  // The run was allowed to reject what it rejected.
  const tolerant: Feed = { ...contract, maxRejected: { percent: 100 } };
  const scratch = await openPglite<FeedTables>();
  const live = new LiveDatabase(scratch);
  try {
    const [schema, inSchema] = contract.table.split(".");
    if (inSchema !== undefined) await sql`create schema if not exists ${sql.id(schema ?? "")}`.execute(scratch.db);
    await makeTables(scratch.db, contract);
    await startRun<FeedTables>(scratch.db, run.id, run.pipeline);
    await sql`insert into import_run (run, contract, source, objects, chunks, bytes, skipped)
      values (${run.id}, ${contract.name}, ${source}, 0, 0, 0, 0)`.execute(scratch.db);
    let [rows, rejected, compared] = [0, 0, 0];
    const now = ownCode() ?? null;
    for (const stored of chunks) {
      const key = stored.location.slice(objects.locate("").length);
      const chunk = { ...stored.chunk, key: key.replace(/^\//, "") };
      await requireBytes(objects, chunk, stored.location);
      await register(scratch.db, contract, stored);
      const counts = await loadChunk(live, { runId: run.id, chunk, contract: tolerant, objects });
      const loaded = await readLoaded(scratch.db);
      const isSame = stored.result !== null && stored.result === loaded.result;
      const found = isSame ? { compared: 0 } : await compare(contract, stored, read, scratch.db);
      rows += counts.rows - counts.rejected;
      rejected += counts.rejected;
      compared += found.compared;
      const proof = {
        ...{ run, rows, compared, rejected: { was: stored.rejected, now: counts.rejected } },
        result: { was: stored.result, now: loaded.result },
        code: { was: stored.code, now },
        at: `${stored.location}, from byte ${chunk.start}`,
        ...(loaded.refused !== null && { failure: loaded.refused }),
        ...(found.first !== undefined && { first: found.first }),
      };
      if (judge(proof) === "differs") return { ...proof, outcome: "differs" };
      await sql`truncate ${sql.table(contract.table)}`.execute(scratch.db);
    }
    const [first] = chunks;
    const known = chunks.every(({ result }) => result !== null);
    const result = known ? { was: run.result, now: run.result } : { was: null, now: null };
    const proof = {
      run,
      rows,
      compared,
      rejected: { was: rejected, now: rejected },
      result,
      code: { was: first?.code ?? null, now },
    };
    return { ...proof, outcome: judge(proof) };
  } finally {
    await live.closeOpened();
    await scratch.close();
  }
}

async function readChunks(
  read: Reader,
  { id }: StoredRun,
): Promise<{ readonly source: string; readonly chunks: readonly StoredChunk[] }> {
  const { rows: runs } = await read(`select source from import_run where run = '${id}'`);
  const ledger = (name: string) => `to_jsonb(c) ->> '${name}'`;
  const rows = await readAll(
    read,
    `select o.id, o.location, o.etag, to_char(o.last_modified at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), o.bytes,
      c.first, c.past, c.rejected, ${ledger("code")}, ${ledger("result")}
    from import_chunk c join import_object o on o.id = c.object
    where c.run = '${id}' and ${ledger("refused")} is null order by o.location, o.id, c.first`,
  );
  const chunks = rows.map(([object, location, etag, lastModified, bytes, first, past, rejected, code, result]) => ({
    chunk: {
      ...{ object: Number(object), key: "", etag: etag ?? "", lastModified: lastModified ?? "", bytes: Number(bytes) },
      ...{ start: Number(first), end: Number(past) },
    },
    ...{ location: location ?? "", rejected: Number(rejected), code: code ?? null, result: result ?? null },
  }));
  if (chunks.length > 0) return { source: runs[0]?.[0] ?? "", chunks };
  throw new UsageError("This run loaded nothing", {
    got: `run ${id}: no object was new`,
    expected: "a run with at least one chunk of its own; import_chunk has them",
  });
}

/** @throws MillraceError if the object is not there any more, or is another one */
async function requireBytes(objects: RangedObjects, chunk: FeedChunk, source: string): Promise<void> {
  try {
    for await (const _ of await objects.openRange(chunk, chunk.start, Math.min(chunk.start + 1, chunk.end)));
  } catch (cause) {
    throw new MillraceError("The bytes that the run read are not there any more, so nothing can be proven", {
      got: cause instanceof MillraceError ? (cause.details.got ?? cause.message) : String(cause),
      expected: `the version ${chunk.etag}`,
      where: { source },
      fix: "Only what is still stored can be read again: a lifecycle rule, or a newer object at its place, ends that",
      cause,
    });
  }
}

async function register(db: Kysely<FeedTables>, { table }: Feed, { chunk, location }: StoredChunk): Promise<void> {
  await sql`insert into import_object (id, target, location, etag, last_modified, bytes) overriding system value
    values (${chunk.object}, ${table}, ${location}, ${chunk.etag}, ${chunk.lastModified}, ${chunk.bytes})
    on conflict do nothing`.execute(db);
}

async function readLoaded(db: Kysely<FeedTables>) {
  const { rows } = await sql<{ result: string | null; refused: string | null }>`
    select result, refused from import_chunk order by finished desc limit 1`.execute(db);
  return rows[0] ?? { result: null, refused: null };
}

/** By the rows that the table still has of the chunk. */
function compare(contract: Feed, { chunk }: StoredChunk, read: Reader, scratch: Kysely<FeedTables>) {
  const { table, key } = contract;
  const columns = Object.keys(contract.columns);
  const sensitive = columns.filter((name) => contract.columns[name]?.sensitive === true);
  const range = isPart(chunk) ? ` and source_offset >= ${chunk.start} and source_offset < ${chunk.end}` : "";
  const stored = `${quoteTable(table)} where source_object = ${chunk.object}${range}`;
  return findDifference(read, scratch as unknown as Kysely<never>, {
    ...{ table, key, columns, sensitive, stored, scratch: quoteTable(table) },
  });
}
