import { sql } from "kysely";
import { openPglite } from "../../etl/adapters/pglite/pglite";
import { findErrorCode } from "../../etl/core/database/database";
import { plainFirst } from "../../etl/core/load/plain-first";

/** Ends a statement as PostgreSQL ends it with this code. */
const failWith = (code: string) => sql.raw(`do $$ begin raise exception using errcode = '${code}'; end $$`);

describe("an upsert that a transaction beside it stopped", () => {
  let database: Awaited<ReturnType<typeof openPglite<{ written: { how: string } }>>>;
  beforeAll(async () => {
    database = await openPglite();
    await sql`create table written (how text)`.execute(database.db);
  });
  beforeEach(() => sql`truncate written`.execute(database.db));
  afterAll(() => database.close());

  /** Fails so often by that code, each time after it has written something. */
  async function upsert(code: string, failures: number, isPartitioned = false): Promise<readonly string[]> {
    let left = failures;
    await database.db.transaction().execute((trx) =>
      plainFirst(trx, isPartitioned, async (how) => {
        await trx.insertInto("written").values({ how }).execute();
        left -= 1;
        if (left >= 0) await failWith(code).execute(trx);
      }),
    );
    return (await database.db.selectFrom("written").selectAll().execute()).map(({ how }) => how);
  }

  test.each([
    ["its key was inserted meanwhile", "23505", 1],
    ["a deadlock was ended by it", "40P01", 1],
    ["two deadlocks were ended by it", "40P01", 2],
  ])("is undone and made again, ready for conflicts, where %s", async (_, code, failures) => {
    expect(await upsert(code, failures)).toEqual(["on-conflict"]);
  });

  test("is made plainly again for a partitioned table", async () => {
    expect(await upsert("23505", 2, true)).toEqual(["plain"]);
  });

  test.each([
    ["a second key that is there", "23505", 2],
    ["a third deadlock", "40P01", 3],
    ["any other error", "23502", 1],
  ])("fails by %s", async (_, code, failures) => {
    const error = await upsert(code, failures).catch((thrown: unknown) => thrown);

    expect(findErrorCode(error)).toBe(code);
    expect(await database.db.selectFrom("written").selectAll().execute()).toEqual([]);
  });
});
