import { randomUUID } from "node:crypto";
import { type Kysely, sql, type Transaction } from "kysely";
import type { Feed } from "../../core/contract/contract";
import { SOURCE_OFFSET } from "../../core/contract/schema/names";
import { NO_SCHEMA, rehearseMigrations } from "../../core/database/migrate";
import { MillraceError } from "../../core/errors";
import { quoteTable } from "../../core/load/table-habits";
import { finishRun, keepRejectedRows, startRun } from "../../core/runs/runs";
import { requestListing } from "../ledger/requests";
import type { FeedTables } from "../ledger/tables";
import { findColumnsToAdd } from "../target/add-columns";
import { compareTarget, LOAD_AGAIN } from "../target/compare-target";
import { findLostTable } from "../target/lost-table";
import { findMissingGrants } from "../target/missing-grants";
import { makeUnknown, migrationsOf } from "../target/prepare-tables";
import { nameTarget } from "../target/target-name";
import type { Check } from "./check";

const MOST_SKEW_SECONDS = 60;

/** How the connection is encrypted. */
export async function checkTls(db: Kysely<FeedTables>): Promise<string> {
  const { rows } = await sql<{ version: string | null }>`
    select version from pg_stat_ssl where pid = pg_backend_pid() and ssl`.execute(db);
  const version = rows[0]?.version;
  return version === undefined ? "not encrypted: good for this machine only" : `${version}, the certificate is trusted`;
}

/** The rights that a run needs: to create temporary tables and what is missing, to read and write the ledger and the table. */
export async function checkPrivileges(db: Kysely<FeedTables>, contract: Feed): Promise<Check> {
  const found = await findMissingGrants(db, contract);
  if (found === undefined) {
    return { name: "privileges", ok: false, detail: "the search path names no schema", fix: NO_SCHEMA };
  }
  const { user, grants } = found;
  if (grants.length === 0) return { name: "privileges", ok: true, detail: `${user} may do what a run does` };
  return { name: "privileges", ok: false, detail: `${user} may not`, fix: grants.join(" ") };
}

/**
 * Rehearses how a run begins and ends, all but the load, in a transaction that is rolled back: anything that would stop
 * a run stops this too, for example a name that is taken, a read-only database, or a view in place of the table.
 *
 * @param full the following run loads everything again: lost rows do not stop it
 */
export async function checkTable(db: Kysely<FeedTables>, contract: Feed, full = false): Promise<Check> {
  const trx = await db.startTransaction().execute();
  try {
    await sql`select set_config('lock_timeout', '5s', true)`.execute(trx);
    const there = await hasTable(trx, contract);
    await rehearseMigrations<FeedTables>(trx, migrationsOf(contract));
    await makeUnknown(trx, contract);
    const differences = await compareTarget(trx, contract);
    const added = await findColumnsToAdd(trx, contract, differences);
    if (differences.length > added.length) {
      const detail = differences.map(({ what }) => what).join("; ");
      const fix = differences.map((difference) => `${difference.sql}${difference.andThen ?? ""}`).join(" ");
      return { name: "table", ok: false, detail, fix };
    }
    const lost = full ? undefined : await findLostTable(trx, contract.table, await nameTarget(trx, contract.table));
    if (lost !== undefined) return { name: "table", ok: false, detail: lost.headline, fix: LOAD_AGAIN };
    await rehearseLedger(trx, contract);
    const is =
      added.length > 0 ? `the next run adds ${added.join(", ")}` : `${contract.table} is what the contract describes`;
    return { name: "table", ok: true, detail: there ? is : `the first run creates ${contract.table}` };
  } catch (error) {
    const { message, details } = error instanceof MillraceError ? error : { message: String(error), details: {} };
    return {
      name: "table",
      ok: false,
      detail: details.got ?? message,
      fix: details.fix ?? "See the server's log",
      cause: error,
    };
  } finally {
    await trx
      .rollback()
      .execute()
      .catch(() => undefined);
  }
}

async function hasTable(db: Kysely<FeedTables>, { table }: Feed): Promise<boolean> {
  const { rows } = await sql<{ there: boolean }>`select to_regclass(${quoteTable(table)}) is not null as there`.execute(
    db,
  );
  return rows[0]?.there === true;
}

/** Writes and reads each table of the ledger, and the target as far as that needs no row. */
async function rehearseLedger(trx: Transaction<FeedTables>, { name, table }: Feed): Promise<void> {
  const run = randomUUID();
  await startRun<FeedTables>(trx, run, name);
  await requestListing(trx, { feed: name, scope: run });
  const totals = { objects: 0, chunks: 0, bytes: 0, skipped: 0 };
  await trx
    .insertInto("import_run")
    .values({ run, contract: name, source: "doctor", ...totals })
    .execute();
  const object = await trx
    .insertInto("import_object")
    .values({
      target: (await nameTarget(trx, table)).ledger,
      location: `doctor:${run}`,
      etag: run,
      last_modified: new Date(),
      bytes: 0,
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  await trx.insertInto("import_chunk").values({ run, object: object.id, first: 0, past: 0 }).execute();
  await keepRejectedRows<FeedTables>(trx, run, [{ source: "doctor", offset: 0, reason: "none", raw: "" }]);
  await finishRun<FeedTables>(trx, run, { status: "succeeded", sources: [], warnings: [] });
  await sql`update ${sql.table(table)} set ${sql.id(SOURCE_OFFSET)} = 0 where false`.execute(trx);
}

export async function checkClock(db: Kysely<FeedTables>, now: () => number = Date.now): Promise<Check> {
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
