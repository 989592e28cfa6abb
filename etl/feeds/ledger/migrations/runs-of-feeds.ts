import { type Kysely, type Migration, sql } from "kysely";

/** A run is called by its feed: before, the runs of all feeds were called `import`. */
export const runsOfFeeds: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`update etl_run set pipeline = import_run.contract
      from import_run where import_run.run = etl_run.id and etl_run.pipeline = 'import'`.execute(db);
  },
};
