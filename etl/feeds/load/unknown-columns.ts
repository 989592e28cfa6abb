import { type Kysely, sql } from "kysely";
import { headersOf } from "../../core/contract/column";
import type { Feed } from "../../core/contract/contract";
import { countedIn } from "../ledger/progress";
import type { FeedTables } from "../ledger/tables";

/** The number of objects named: the first ones. */
const MOST_NAMED = 10;

/**
 * A warning for each object of a run whose header has columns that the contract does not have, if the contract asks for
 * such warnings.
 */
export async function warnOfUnknownColumns(
  db: Kysely<FeedTables>,
  { columns, unknownColumns }: Feed,
  run: string,
): Promise<readonly string[]> {
  if (unknownColumns !== "warn") return [];
  const known = Object.entries(columns).flatMap(([name, column]) => headersOf(name, column));
  const { rows } = await sql<{ location: string; names: readonly string[] }>`
    select o.location, json_agg(e.name order by e.place) as names
    from (select object, header from import_chunk where header is not null and ${countedIn(sql.val(run))}) c
      join import_object o on o.id = c.object,
      jsonb_array_elements_text(c.header) with ordinality e (name, place)
    where e.name <> all(${sql.val(known)}::text[])
    group by o.id, o.location order by o.id limit ${MOST_NAMED}`.execute(db);
  return rows.map(({ location, names }) => describeUnknown(location, names));
}

function describeUnknown(location: string, names: readonly string[]): string {
  return `${location}: its header has columns that the contract does not have: ${names.map((name) => JSON.stringify(name)).join(", ")}`;
}
