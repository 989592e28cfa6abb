import { type Kysely, sql } from "kysely";
import type { Feed } from "../../core/contract/contract";
import { lacksPrivilege } from "../../core/database/advice";
import { DatabaseError, MillraceError } from "../../core/errors";
import { quoteTable } from "../../core/load/table-habits";
import type { FeedTables } from "../ledger/tables";

interface Privileges {
  readonly user: string;
  readonly database: string;
  readonly schema: string;
  readonly temporary: boolean;
  readonly usage: boolean;
  readonly create: boolean;
  /** Those on the table that the user lacks; null if there is no such table. */
  readonly lacking: readonly string[] | null;
  readonly ledger: boolean;
}

export interface MissingGrants {
  readonly user: string;
  /** The statements that grant what a run needs and the user lacks. */
  readonly grants: readonly string[];
}

/**
 * The rights that a run needs and the user lacks: to create temporary tables, to create the ledger and the table if they
 * are missing, to read and write both.
 *
 * @returns undefined if the search path names no schema
 */
export async function findMissingGrants(
  db: Kysely<FeedTables>,
  { table }: Pick<Feed, "table">,
): Promise<MissingGrants | undefined> {
  const target = quoteTable(table);
  const named = table.includes(".") ? sql`${table.split(".")[0]}::text` : sql`current_schema()::text`;
  const { rows } = await sql<Privileges>`
    select current_user::text as user, current_database()::text as database, schema,
      has_database_privilege(current_database(), 'TEMP') as temporary,
      has_schema_privilege(schema, 'USAGE') as usage, has_schema_privilege(schema, 'CREATE') as create,
      (select array(select needed from unnest(array['SELECT', 'INSERT', 'UPDATE']) as needed
          where not has_table_privilege(target, needed))
        from (select to_regclass(${target})::oid) as t (target) where target is not null) as lacking,
      to_regclass(quote_ident(current_schema()) || '.import_chunk') is not null as ledger
    from (select ${named}) as s (schema) where schema is not null`.execute(db);
  const [found] = rows;
  if (found === undefined) return undefined;
  const { user, database, schema, temporary, usage, create, lacking, ledger } = found;
  const missing = [
    ...(temporary ? [] : [`TEMPORARY ON DATABASE "${database}"`]),
    ...(usage ? [] : [`USAGE ON SCHEMA "${schema}"`]),
    ...(create || (ledger && lacking !== null) ? [] : [`CREATE ON SCHEMA "${schema}"`]),
    ...(lacking === null || lacking.length === 0 ? [] : [`${lacking.join(", ")} ON ${target}`]),
  ];
  return { user, grants: missing.map((privilege) => `GRANT ${privilege} TO "${user}";`) };
}

/** The error, with the statements that grant what the user lacks if that is its cause. */
export async function withGrants(db: Kysely<FeedTables>, contract: Feed, error: unknown): Promise<unknown> {
  if (!(error instanceof MillraceError) || !lacksPrivilege(error)) return error;
  const missing = await findMissingGrants(db, contract).catch(() => undefined);
  if (missing === undefined || missing.grants.length === 0) return error;
  const fix = `As the owner, run: ${missing.grants.join(" ")}`;
  return new DatabaseError(error.headline, { ...error.details, fix, cause: error.cause });
}
