import { openPostgres } from "../../../etl/adapters/postgres/postgres";
import type { Database } from "../../../etl/core/database/database";
import type { FeedTables } from "../../../etl/feeds/ledger/tables";
import type { PostgresServer } from "../../../scripts/cloud/postgres-server";
import { describeUnless } from "../files/real-data";
import { postgresMissing, startPostgres } from "./postgres";

/** A throw-away PostgreSQL, and connections to it. */
export interface FeedDatabases {
  readonly server: () => PostgresServer;
  readonly databases: () => readonly Database<FeedTables>[];
  readonly first: () => Database<FeedTables>;
  /** One more connection, which whoever asks for it closes. */
  readonly open: () => Promise<Database<FeedTables>>;
}

/** Tests of feeds that need PostgreSQL itself. @param connections that are open at once */
export function describeOnPostgres(connections: number, suite: (world: FeedDatabases) => void): void {
  describeUnless(postgresMissing, "with PostgreSQL", () => {
    let server: PostgresServer;
    let databases: readonly Database<FeedTables>[] = [];
    const open = () => openPostgres<FeedTables>(server.url());

    beforeAll(async () => {
      server = await startPostgres();
      databases = await Promise.all(Array.from({ length: connections }, open));
    });
    afterAll(async () => {
      await Promise.all(databases.map(({ close }) => close()));
      await server?.remove();
    });

    suite({
      server: () => server,
      databases: () => databases,
      first: () => databases[0] as Database<FeedTables>,
      open,
    });
  });
}
