import { type Kysely, type RawBuilder, sql } from "kysely";
import type { LiveDatabase } from "../../core/database/live-database";
import type { ListedObject, RangedObjects } from "../../core/objects/objects";
import { inTransactionAgain } from "../load/try-again";
import type { Range } from "../plan/cut-object";
import { lockTarget } from "../target/lock-target";
import type { TargetName } from "../target/target-name";
import type { EarlierContract } from "./earlier-contract";
import { type Stays, selectStays, withStays } from "./stays";
import type { FeedTables } from "./tables";
import { takeOverChunks } from "./unended-runs";

/** An object in the ledger, and its loaded parts. */
export interface RegisteredObject extends ListedObject, Found {}

interface Found {
  readonly id: number;
  readonly loaded: readonly Range[];
  /** Why it is not to be read; undefined if it is not rejected. */
  readonly rejected?: string;
  /** The ledger did not have this version, or has it as new again. */
  readonly isNew: boolean;
  /** Its loaded rows were loaded by an earlier contract. */
  readonly isOfEarlier?: boolean;
}

export interface Registration {
  readonly run: string;
  /** By `strictnessOf`: if it differs, rejected objects are read again. */
  readonly strictness: string;
  /** Undefined if no caller asks. */
  readonly earlier: EarlierContract | undefined;
  readonly target: TargetName;
  readonly objects: Pick<RangedObjects, "locate">;
  /** The objects are loaded again: the ledger takes the listing's times for objects that it has. */
  readonly full: boolean;
}

/**
 * Enters the objects of a page of a listing into the ledger, in the order of the page, and makes the run count what
 * earlier runs loaded and did not count. No chunk of the table is upserted meanwhile: while one is, the order of
 * objects does not change.
 */
export async function registerObjects(
  live: LiveDatabase<FeedTables>,
  { run, strictness, earlier, target, objects, full }: Registration,
  page: readonly ListedObject[],
): Promise<RegisteredObject[]> {
  const locations = page.map(({ key }) => objects.locate(key));
  const etags = page.map(({ etag }) => etag);
  const formers = page.map(({ formerEtag }) => formerEtag ?? null);
  const times = page.map(({ lastModified }) => lastModified.toISOString());
  const sizes = page.map(({ bytes }) => bytes);
  const conflict = full ? sql`do update set last_modified = excluded.last_modified` : sql`do nothing`;
  const known = await inTransactionAgain(
    live,
    "the objects were entered; import_object has them if so",
    async (trx) => {
      await lockTarget(trx, target.full, "exclusive");
      const rows = sql`unnest(${sql.val(locations)}::text[], ${sql.val(etags)}::text[], ${sql.val(times)}::timestamptz[],
        ${sql.val(sizes)}::bigint[]) as page (location, etag, last_modified, bytes)`;
      if (formers.some((former) => former !== null))
        await renameVersions(trx, target.ledger, { locations, etags, formers });
      await takePutBack(trx, target.ledger, rows);
      const { rows: entered } = await sql<{
        id: number;
      }>`insert into import_object (target, location, etag, last_modified, bytes)
      select ${target.ledger}, location, etag, greatest(last_modified, ${timeOfOthers(target.ledger)}), bytes from ${rows}
      on conflict (target, location, etag) ${conflict} returning id`.execute(trx);
      const found = await findObjects(trx, target.ledger, locations, etags, new Set(entered.map(({ id }) => id)));
      const ids = [...found.values()].map(({ id }) => id);
      await readAgain(trx, run, ids, full ? undefined : strictness);
      if (full) return found;
      await takeOverChunks(trx, run, ids);
      const [loaded, rejected] = [await findLoaded(trx, ids, earlier), await findRejected(trx, ids)];
      return new Map(
        [...found].map(([name, object]) => [
          name,
          { ...object, ...loaded.get(object.id), rejected: rejected.get(object.id) },
        ]),
      );
    },
  );
  return page.flatMap((object, index) => {
    const found = known.get(`${locations[index]}\n${object.etag}`);
    return found === undefined ? [] : [{ ...object, ...found }];
  });
}

/**
 * The time of the newest other version of a page's object, if there is one. The listed version replaces it: it is the
 * newer of the two, though S3 gives an upload in parts the time of its start, and a file may be replaced by an older
 * one.
 */
function timeOfOthers(target: string): RawBuilder<unknown> {
  return sql`(select max(other.last_modified) from import_object other
    where other.target = ${target} and other.location = page.location and other.etag <> page.etag)`;
}

interface Names {
  readonly locations: readonly string[];
  readonly etags: readonly string[];
  readonly formers: readonly (string | null)[];
}

/**
 * Object versions that an older version of millrace entered under another ETag get this one, and are not loaded again.
 */
async function renameVersions(trx: Kysely<FeedTables>, target: string, { locations, etags, formers }: Names) {
  await sql`update import_object o set etag = page.etag
    from unnest(${sql.val(locations)}::text[], ${sql.val(etags)}::text[], ${sql.val(formers)}::text[]) as page (location, etag, former)
    where o.target = ${target} and o.location = page.location and o.etag = page.former
      and not exists (select from import_object known
        where known.target = o.target and known.location = o.location and known.etag = page.etag)`.execute(trx);
}

/**
 * An object that was changed back to an earlier content counts as new: it takes the listing's time, and does not count
 * as loaded. The same content again, with no other version between, does not.
 */
async function takePutBack(trx: Kysely<FeedTables>, target: string, page: RawBuilder<unknown>): Promise<void> {
  await sql`with put_back as (
      update import_object o set last_modified = page.last_modified from ${page}
      where o.target = ${target} and o.location = page.location and o.etag = page.etag
        and page.last_modified > o.last_modified
        and exists (select from import_object other where other.target = o.target and other.location = o.location
          and (other.last_modified, other.id) > (o.last_modified, o.id))
      returning o.id)
    update import_chunk set lost = true from put_back where object = put_back.id and not lost`.execute(trx);
}

/**
 * From now on nothing of these objects counts as loaded, and none is rejected; except what this run has loaded: another
 * call of it may list at the same time.
 *
 * @param strictness only objects that were rejected under another one. Default: all
 */
async function readAgain(
  trx: Kysely<FeedTables>,
  run: string,
  objects: readonly number[],
  strictness?: string,
): Promise<void> {
  const ids = sql`any(${sql.val(objects)}::bigint[])`;
  const which = strictness === undefined ? sql`true` : sql`rejected_fingerprint <> ${strictness}`;
  await sql`with again as (
      update import_object set rejected_since = null, rejected_by = null, rejected_reason = null, rejected_fingerprint = null
      where id = ${ids} and ${which} returning id)
    update import_chunk set lost = true from again
    where object = again.id and not lost and run <> ${run}`.execute(trx);
}

async function findRejected(trx: Kysely<FeedTables>, objects: readonly number[]): Promise<ReadonlyMap<number, string>> {
  const { rows } = await sql<
    Stays & { id: number; reason: string }
  >`select id, rejected_reason as reason, ${selectStays()}
    from import_object o where id = any(${sql.val(objects)}::bigint[]) and rejected_since is not null`.execute(trx);
  return new Map(rows.map(({ id, reason, ...stays }) => [id, withStays(reason, stays)]));
}

async function findObjects(
  trx: Kysely<FeedTables>,
  target: string,
  locations: readonly string[],
  etags: readonly string[],
  entered: ReadonlySet<number>,
): Promise<ReadonlyMap<string, Found>> {
  const { rows } = await sql<{ id: number; location: string; etag: string }>`
    select o.id, o.location, o.etag
    from unnest(${sql.val(locations)}::text[], ${sql.val(etags)}::text[]) as page (location, etag)
      join import_object o on o.target = ${target} and o.location = page.location and o.etag = page.etag`.execute(trx);
  return new Map(
    rows.map(({ location, etag, id }) => [`${location}\n${etag}`, { id, loaded: [], isNew: entered.has(id) }]),
  );
}

/** The loaded ranges, by object. */
async function findLoaded(
  trx: Kysely<FeedTables>,
  objects: readonly number[],
  earlier: EarlierContract | undefined,
): Promise<ReadonlyMap<number, Pick<Found, "loaded" | "isOfEarlier">>> {
  const isOfEarlier =
    earlier === undefined
      ? sql`false`
      : sql`bool_or(coalesce(c.fingerprint <> ${earlier.fingerprint}, ${earlier.isUnknownEarlier}))`;
  const { rows } = await sql<{ object: number; loaded: readonly Range[]; isOfEarlier: boolean }>`
    select c.object, json_agg(json_build_object('start', c.first, 'end', c.past)) as loaded, ${isOfEarlier} as "isOfEarlier"
    from import_chunk c where c.object = any(${sql.val(objects)}::bigint[]) and not c.lost
    group by c.object`.execute(trx);
  return new Map(rows.map(({ object, ...found }) => [object, found]));
}
