import { type Kysely, sql } from "kysely";
import type { ListedObject, RangedObjects } from "../../core/objects";
import type { Range } from "./cut-object";
import { lockTarget } from "./lock-target";
import type { ImportTables } from "./tables";

/** An object that the ledger knows, and the parts of it that are loaded. */
export interface RegisteredObject extends ListedObject {
  readonly id: number;
  readonly loaded: readonly Range[];
}

/**
 * Makes sure that the ledger knows a page of a listing, in the order of the page. No chunk of the table is upserted
 * meanwhile: which object is newer stays settled for as long as one is.
 *
 * @param anew the ledger takes the listing's times for those that it has: the objects are loaded again
 */
export async function registerObjects(
  db: Kysely<ImportTables>,
  target: string,
  objects: Pick<RangedObjects, "locate">,
  page: readonly ListedObject[],
  anew: boolean,
): Promise<RegisteredObject[]> {
  const locations = page.map(({ key }) => objects.locate(key));
  const etags = page.map(({ etag }) => etag);
  const times = page.map(({ lastModified }) => lastModified.toISOString());
  const sizes = page.map(({ bytes }) => bytes);
  const conflict = anew ? sql`do update set last_modified = excluded.last_modified` : sql`do nothing`;
  const known = await db.transaction().execute(async (trx) => {
    await lockTarget(trx, target, "exclusive");
    await sql`insert into import_object (target, location, etag, last_modified, bytes)
      select ${target}, location, etag, last_modified, bytes
      from unnest(${sql.val(locations)}::text[], ${sql.val(etags)}::text[], ${sql.val(times)}::timestamptz[],
        ${sql.val(sizes)}::bigint[]) as page (location, etag, last_modified, bytes)
      on conflict (target, location, etag) ${conflict}`.execute(trx);
    return findLoaded(trx, target, locations, etags);
  });
  return page.flatMap((object, index) => {
    const found = known.get(`${locations[index]}\n${object.etag}`);
    return found === undefined ? [] : [{ ...object, ...found }];
  });
}

interface Found {
  readonly id: number;
  readonly loaded: readonly Range[];
}

/** What a run that failed by its rejected rows loaded is to be looked at again. */
async function findLoaded(
  trx: Kysely<ImportTables>,
  target: string,
  locations: readonly string[],
  etags: readonly string[],
): Promise<ReadonlyMap<string, Found>> {
  const { rows } = await sql<{ id: number; location: string; etag: string; loaded: readonly Range[] }>`
    select o.id, o.location, o.etag, coalesce(
      (select json_agg(json_build_object('start', c.first, 'end', c.past)) from import_chunk c
        join etl_run r on r.id = c.run
        where c.object = o.id and (c.rejected = 0 or r.status <> 'failed')), '[]') as loaded
    from unnest(${sql.val(locations)}::text[], ${sql.val(etags)}::text[]) as page (location, etag)
      join import_object o on o.target = ${target} and o.location = page.location and o.etag = page.etag`.execute(trx);
  return new Map(rows.map(({ location, etag, ...found }) => [`${location}\n${etag}`, found]));
}
