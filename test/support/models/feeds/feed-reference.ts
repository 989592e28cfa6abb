import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Client } from "pg";
import { from } from "pg-copy-streams";
import type { PostgresServer } from "../../../../scripts/cloud/postgres-server";
import type { FeedFile } from "../../files/feed-files";

const COLUMNS = "sale_id, line, sold_at, day, product, note, quantity, amount, is_return";

/** The table `sales` as plain SQL makes it: everything that was ever uploaded, and of each key the newest row. */
export class FeedReference {
  readonly #postgres: PostgresServer;
  readonly #database: string;

  private constructor(postgres: PostgresServer, database: string) {
    this.#postgres = postgres;
    this.#database = database;
  }

  static async create(postgres: PostgresServer, database: string): Promise<FeedReference> {
    await postgres.query("postgres", `CREATE DATABASE ${database}`);
    await postgres.query(
      database,
      `CREATE TABLE raw (position bigint GENERATED ALWAYS AS IDENTITY, key text, modified timestamptz, sale_id bigint,
        line integer, sold_at timestamptz, day date, product text, note text, quantity integer, amount numeric(14,2),
        is_return boolean)`,
    );
    return new FeedReference(postgres, database);
  }

  async add({ key, csv }: FeedFile, modified: Date): Promise<void> {
    const client = new Client(this.#postgres.connection(this.#database));
    await client.connect();
    try {
      await pipeline(Readable.from([csv]), client.query(from(`COPY raw (${COLUMNS}) FROM STDIN CSV HEADER`)));
      await client.query("UPDATE raw SET key = $1, modified = $2 WHERE key IS NULL", [key, modified]);
    } finally {
      await client.end();
    }
  }

  async hash(): Promise<TableHash | undefined> {
    return hashOf(
      this.#postgres,
      this.#database,
      `SELECT DISTINCT ON (sale_id, line) ${COLUMNS} FROM raw
        ORDER BY sale_id, line, modified DESC, key COLLATE "C" DESC, position DESC`,
    );
  }
}

export interface TableHash {
  readonly rows: number;
  readonly hash: string;
}

/** Of the rows of `sales`, in the order of their keys. */
export async function hashOf(
  postgres: PostgresServer,
  database: string,
  rows = `SELECT ${COLUMNS} FROM sales`,
): Promise<TableHash | undefined> {
  const [found] = await postgres.query<TableHash>(
    database,
    `SELECT count(*)::int AS rows, md5(string_agg(md5(r::text), '' ORDER BY sale_id, line)) AS hash FROM (${rows}) AS r`,
  );
  return found;
}
