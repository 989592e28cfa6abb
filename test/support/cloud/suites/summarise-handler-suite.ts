import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { sql } from "kysely";
import { openPostgres } from "../../../../etl/adapters/postgres/postgres";
import type { Database } from "../../../../etl/core/database/database";
import { findContract } from "../../../../etl/feeds/feeds";
import type { FeedTables } from "../../../../etl/feeds/ledger/tables";
import { makeTables } from "../../../../etl/feeds/target/prepare-tables";
import type { PostgresServer } from "../../../../scripts/cloud/postgres-server";
import type { LambdaRuntime } from "../emulated/lambda-runtime";

interface World {
  readonly lambda: LambdaRuntime;
  readonly postgres: PostgresServer;
  /** With the certificates of the server. */
  readonly folder: string;
  /** A handler's environment. */
  readonly variables: () => Record<string, string>;
}

/** The built handler that ends the runs of feeds, on a server that ends its sessions. */
export function summariseHandlerSuite(world: () => World): void {
  describe("of import", () => {
    const runId = "00000000-0000-4000-8000-000000000001";
    let database: Database<FeedTables>;
    const execute = (text: string) => sql.raw(text).execute(database.db);
    const summarise = (event: object = {}, timeoutMs?: number) =>
      world().lambda.invoke(
        "feed/summarise",
        { runId, ...event },
        { ...world().variables(), FEED: "sales" },
        timeoutMs,
      );
    const status = async () => {
      const { rows } = await sql<{ status: string }>`select status from etl_run where id = ${runId}`.execute(
        database.db,
      );
      return rows[0]?.status;
    };

    beforeEach(async () => {
      const ca = await readFile(join(world().folder, "ca.pem"), "utf8");
      const url = `postgres://loader:right@localhost:${world().postgres.port}/feed`;
      database = await openPostgres<FeedTables>(url, { ca });
      await makeTables(database.db, findContract("sales"));
      await execute(`insert into etl_run (id, pipeline, status) values ('${runId}', 'import', 'running')`);
      await execute(`insert into import_run (run, contract, source, objects, chunks, bytes, skipped)
        values ('${runId}', 'sales', 's3://raw/', 0, 0, 0, 0)`);
    });
    afterEach(() => database.close());

    /** Ends the session of the first so many updates of the run while their COMMIT is under way. */
    const endSessions = async (times: number) => {
      await execute("create sequence ended");
      await execute(`create function end_session() returns trigger language plpgsql as $$ begin
        if nextval('ended') <= ${times} then perform pg_terminate_backend(pg_backend_pid()); end if;
        return null; end $$`);
      await execute(`create constraint trigger end_session after update on etl_run deferrable initially deferred
        for each row execute function end_session()`);
    };

    test("asks the ledger over a new connection if the answer to a COMMIT is lost, and continues", async () => {
      await endSessions(1);

      const outcome = await summarise();

      expect(outcome.result).toMatchObject({ runId, rows: 0, text: expect.stringContaining("nothing was loaded") });
      expect(await status()).toBe("succeeded");
    });

    test("with no time for another try names what happened so that the step is tried again, and says it is not known", async () => {
      await endSessions(1);

      const outcome = await summarise({}, 15_000);

      expect(outcome).toMatchObject({
        errorType: "TransientDatabaseError",
        errorMessage: expect.stringContaining("not known whether the run was kept; etl_run has it if so"),
      });
    });

    test("ends ahead of the function's time-out where the database does not", async () => {
      const locked = await database.db.startTransaction().execute();
      await sql`lock table import_run`.execute(locked);

      const outcome = await summarise({}, 10_000);
      await locked.rollback().execute();

      expect(outcome).toMatchObject({ errorType: "OutOfTimeError", errorMessage: expect.stringContaining("lock") });
      expect(await status()).toBe("running");
    });

    test("writes down why a run failed, and does not overwrite a success", async () => {
      await summarise({ failure: "a chunk failed" });
      const failed = await status();
      await execute(`update etl_run set status = 'succeeded'`);
      await summarise({ failure: "its answer was lost" });

      expect([failed, await status()]).toEqual(["failed", "succeeded"]);
    });
  });
}
