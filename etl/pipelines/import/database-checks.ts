import { type Kysely, sql } from "kysely";
import type { Check } from "./check";
import { compareTarget, LOAD_AGAIN, quoteTable } from "./compare-target";
import type { ImportContract } from "./contract";
import { findLostTable } from "./lost-table";
import type { ImportTables } from "./tables";

const MOST_SKEW_SECONDS = 60;

/** How the connection is encrypted. */
export async function checkTls(db: Kysely<ImportTables>): Promise<string> {
  const { rows } = await sql<{ version: string | null }>`
    select version from pg_stat_ssl where pid = pg_backend_pid() and ssl`.execute(db);
  const version = rows[0]?.version;
  return version === undefined ? "not encrypted: good for this machine only" : `${version}, the certificate is trusted`;
}

interface Privileges {
  readonly user: string;
  readonly database: string;
  readonly schema: string;
  readonly temporary: boolean;
  readonly usage: boolean;
  readonly create: boolean;
  /** Null where there is no such table. */
  readonly write: boolean | null;
  readonly ledger: boolean;
}

/** What a run does: make temporary tables, make the ledger and the table where they are missing, read and write both. */
export async function checkPrivileges(db: Kysely<ImportTables>, { table }: ImportContract): Promise<Check> {
  const target = quoteTable(table);
  const schema = table.includes(".") ? sql`${table.split(".")[0]}::text` : sql`current_schema()::text`;
  const { rows } = await sql<Privileges>`
    select current_user::text as user, current_database()::text as database, schema,
      has_database_privilege(current_database(), 'TEMP') as temporary,
      has_schema_privilege(schema, 'USAGE') as usage, has_schema_privilege(schema, 'CREATE') as create,
      (select has_table_privilege(target, 'SELECT') and has_table_privilege(target, 'INSERT')
        and has_table_privilege(target, 'UPDATE') from (select to_regclass(${target})::oid) as t (target)
        where target is not null) as write,
      to_regclass('import_chunk') is not null as ledger
    from (select ${schema}) as s (schema) where schema is not null`.execute(db);
  const [found] = rows;
  if (found === undefined) {
    return { name: "privileges", ok: false, detail: "the search path names no schema", fix: "CREATE SCHEMA public;" };
  }
  const { user, database, temporary, usage, create, write, ledger } = found;
  const to = (text: string) => `${text} TO "${user}";`;
  const missing = [
    ...(temporary ? [] : [to(`GRANT TEMPORARY ON DATABASE "${database}"`)]),
    ...(usage ? [] : [to(`GRANT USAGE ON SCHEMA "${found.schema}"`)]),
    ...(create || (ledger && write !== null) ? [] : [to(`GRANT CREATE ON SCHEMA "${found.schema}"`)]),
    ...(write === false ? [to(`GRANT SELECT, INSERT, UPDATE ON ${target}`)] : []),
  ];
  if (missing.length === 0) return { name: "privileges", ok: true, detail: `${user} may do what a run does` };
  return { name: "privileges", ok: false, detail: `${user} may not`, fix: missing.join(" ") };
}

/**
 * A table that is not there is made by the first run, and by no other.
 *
 * @param full the run that follows loads everything again: rows that are gone do not stop it
 */
export async function checkTable(db: Kysely<ImportTables>, contract: ImportContract, full = false): Promise<Check> {
  const { rows } = await sql<{ there: boolean; readable: boolean; isNew: boolean }>`
    select to_regclass(${quoteTable(contract.table)}) is not null as there,
      coalesce(has_table_privilege(to_regclass('import_target'), 'SELECT')
        and has_table_privilege(to_regclass(${quoteTable(contract.table)}), 'SELECT'), false) as readable,
      to_regclass(${quoteTable(`millrace_migration_import_${contract.name}`)}) is null as "isNew"`.execute(db);
  const { there = false, readable = false, isNew = true } = rows[0] ?? {};
  if (!there && isNew) return { name: "table", ok: true, detail: `the first run makes ${contract.table}` };
  const differences = await compareTarget(db, contract);
  if (differences.length > 0) {
    const detail = differences.map(({ what }) => what).join("; ");
    const fix = differences.map((difference) => `${difference.sql}${difference.andThen ?? ""}`).join(" ");
    return { name: "table", ok: false, detail, fix };
  }
  const lost = readable && !full ? await findLostTable(db, contract.table) : undefined;
  if (lost !== undefined) return { name: "table", ok: false, detail: lost.headline, fix: LOAD_AGAIN };
  return { name: "table", ok: true, detail: `${contract.table} is what the contract describes` };
}

export async function checkClock(db: Kysely<ImportTables>, now: () => number = Date.now): Promise<Check> {
  const { rows } = await sql<{ ms: number }>`
    select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms`.execute(db);
  const skew = Math.round((now() - (rows[0]?.ms ?? 0)) / 1000);
  if (Math.abs(skew) <= MOST_SKEW_SECONDS) {
    return { name: "clock", ok: true, detail: "this machine and the database have the same time" };
  }
  return {
    name: "clock",
    ok: false,
    detail: `this machine is ${Math.abs(skew)} s ${skew > 0 ? "ahead of" : "behind"} the database`,
    fix: "Set both by NTP (chrony): AWS refuses requests that are 15 minutes off",
  };
}
