import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { openPostgres } from "../../etl/adapters/postgres/postgres";
import { findErrorCode } from "../../etl/core/database/database";
import type { PostgresServer } from "../../scripts/cloud/postgres-server";
import { describeUnless } from "../support/files/real-data";
import { createStock, loadStock, makeStock, readStock, type StockTables } from "../support/models/stock";
import { postgresMissing, startPostgres } from "../support/servers/postgres";
import { describeTypes } from "../support/suites/load/types-suite";

describeUnless(postgresMissing, "openPostgres", () => {
  let server: PostgresServer;

  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.remove());

  describeTypes("PostgreSQL", () => openPostgres(server.url()));

  const failure = (url: string, options = {}): Promise<Error> =>
    openPostgres(url, options).then(
      () => Promise.reject(new Error("it opened")),
      (error) => error,
    );

  test.each([
    [
      "a wrong password",
      (url: string) => url.replace(/:[^:@]+@/, ":sesame@"),
      "28P01",
      /refused the password.*Check the user/,
    ],
    [
      "an unknown database",
      (url: string) => url.replace(/postgres$/, "nowhere"),
      "3D000",
      /does not exist.*nowhere.*createdb/,
    ],
    ["a closed port", (url: string) => url.replace(/:\d+\//, ":1/"), "ECONNREFUSED", /nothing listens.*127\.0\.0\.1:1/],
    ["an unknown host", (url: string) => url.replace("127.0.0.1", "db.invalid"), undefined, /host name.*db\.invalid/],
    ["a server without TLS", (url: string) => `${url}?sslmode=verify-full`, undefined, /offers no TLS/],
  ])("tells of %s, never of the password", async (_what, spoil, code, message) => {
    const url = spoil(server.url());
    const error = await failure(url);

    expect(error).toMatchObject({ name: "DatabaseError", message: expect.stringMatching(message) });
    if (code !== undefined) expect(findErrorCode(error)).toBe(code);
    expect(error.message).not.toContain(new URL(url).password);
  });

  test("tells of a URL that is none without showing it", async () => {
    expect(await failure("mysql://me:sesame@here/db")).toMatchObject({
      message: expect.stringMatching(/^the database URL cannot be read: expected postgres:(?!.*sesame)/),
    });
  });

  test("gives up on a server that does not answer", async () => {
    const silent = createServer().listen(0, "127.0.0.1");
    await once(silent, "listening");
    const address = silent.address();
    const port = typeof address === "object" ? address?.port : undefined;

    const error = await failure(`postgres://me:sesame@127.0.0.1:${port}/db`, { connectTimeoutMs: 200 });
    silent.close();

    expect(error.message).toMatch(/host does not answer/);
  });

  describe("a connection lost", () => {
    const TERMINATE =
      "select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name = 'millrace'";
    const terminate = async (): Promise<void> => {
      await server.query("postgres", TERMINATE);
    };
    const THE_SERVERS_REASON =
      /connection to the database was lost: got terminating connection due to administrator command(?!.*EPIPE)/;

    test("while it is idle refuses the next statement", async () => {
      const database = await openPostgres<StockTables>(server.url());
      await createStock(database.db);

      await terminate();

      await expect(readStock(database)).rejects.toMatchObject({
        name: "DatabaseError",
        message: expect.stringMatching(/connection to the database was lost.*Nothing of the open transaction was kept/),
      });
      await database.close();
    });

    test.each([
      // Whether it is read before the next write, the two processes decide.
      ["while it writes, keeps nothing", () => void terminate(), /connection to the database was lost/],
      ["gives the reason that the server has told already", terminate, THE_SERVERS_REASON],
      // Nothing is read meanwhile.
      [
        "gives the reason that lies unread when it would write on",
        () => void execFileSync("psql", ["--no-psqlrc", "--quiet", server.url(), "--command", TERMINATE]),
        THE_SERVERS_REASON,
      ],
    ])("in the middle of a load, %s", async (_, end, reason) => {
      const database = await openPostgres<StockTables>(server.url());
      await createStock(database.db);
      async function* records() {
        for (let sku = 0; ; sku += 1) {
          if (sku === 20_000) await end();
          yield [makeStock({ sku })];
        }
      }

      await expect(loadStock(database, records())).rejects.toMatchObject({
        name: "DatabaseError",
        message: expect.stringMatching(reason),
      });
      await database.close();
      const again = await openPostgres<StockTables>(server.url());
      expect(await readStock(again)).toEqual([]);
      await again.close();
    });
  });
});
