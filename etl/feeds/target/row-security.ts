import { type Kysely, sql } from "kysely";
import { quote, quoteTable } from "../../core/load/table-habits";
import type { FeedTables } from "../ledger/tables";
import type { Difference } from "./difference";

interface RowSecurity {
  readonly user: string;
  /** Whether the user owns the table, so that only FORCE applies row security to it. */
  readonly isOwner: boolean;
  /** Restrictive policies that do not allow every row: no further policy helps against them. */
  readonly restrictive: readonly string[];
}

/**
 * Row security that hides rows of a table from the user, or may refuse some: it applies to the user (no superuser, no
 * BYPASSRLS, not the owner without FORCE), and no policy allows the user to read, insert and update each row.
 */
export async function findRowSecurity(db: Kysely<FeedTables>, table: string): Promise<Difference[]> {
  const { rows } = await sql<RowSecurity>`
    with applied as (
      select polname, polcmd, polpermissive, coalesce(pg_get_expr(polqual, polrelid), 'true') = 'true'
        and coalesce(pg_get_expr(polwithcheck, polrelid), 'true') = 'true' as open
      from pg_policy where polrelid = to_regclass(${quoteTable(table)}) and exists (
        select from unnest(polroles) as role where role = 0 or pg_has_role(current_user, role, 'usage'))
    ),
    closed as (select polname from applied where not polpermissive and not open and polcmd <> 'd')
    select current_user::text as user, pg_has_role(current_user, relowner, 'usage') as "isOwner",
      array(select polname::text from closed order by 1) as restrictive
    from pg_class where oid = to_regclass(${quoteTable(table)}) and row_security_active(oid) and (
      exists (select from closed) or exists (
        select from unnest(array['r', 'a', 'w']) as command where not exists (
          select from applied where polpermissive and open and polcmd::text in ('*', command))))`.execute(db);
  return rows.map((found) => ({
    what: `row security hides rows of ${table} from ${found.user}, or refuses some`,
    sql: fixOf(table, found),
  }));
}

function fixOf(table: string, { user, isOwner, restrictive }: RowSecurity): string {
  if (isOwner) return `ALTER TABLE ${quoteTable(table)} NO FORCE ROW LEVEL SECURITY;`;
  if (restrictive.length > 0) return `ALTER ROLE ${quote(user)} BYPASSRLS;`;
  return `CREATE POLICY millrace ON ${quoteTable(table)} TO ${quote(user)} USING (true) WITH CHECK (true);`;
}
