import { randomUUID } from "node:crypto";
import { Kysely, PostgresDialect } from "kysely";
import { Pool } from "pg";
import { migrate } from "../../../../etl/core/database/migrate";
import type { Cloud } from "../../../../scripts/cloud/cloud";
import { callScheduled, scheduled } from "../observe/scheduled-call";

export interface MonthlyWorld {
  readonly cloud: Cloud;
  /** An empty one of `owner`, which the deployment is given. */
  readonly database: string;
  readonly revisionDays: number;
  readonly rejectedDays: number;
}

/** What the first of a month does on a deployment whose `retention` has days for rows. */
export function monthlySuite(world: () => MonthlyWorld): void {
  test("are not all that is deleted by age: rows of the database are too, each kind after its days, on the first of a month", async () => {
    // Prepare
    const { revisionDays, rejectedDays } = world();
    const { cloud } = world();
    const called = await scheduled(cloud, "millrace-dev-retention");
    const before = await callScheduled(cloud, called);
    await makeTables();
    for (const days of [revisionDays - 1, revisionDays + 1, rejectedDays + 1]) await runOf(days);

    // Act
    const ended = await callScheduled(cloud, called);

    // Assess
    expect(called).toMatchObject({ ScheduleExpression: "cron(30 1 1 * ? *)", State: "ENABLED" });
    expect(before).toEqual({ revisions: 0, rejectedRows: 0 });
    expect(ended).toEqual({ revisions: 2, rejectedRows: 1 });
    expect(await left("revision")).toEqual([revisionDays - 1]);
    expect(await left("rejected_row")).toEqual([revisionDays - 1, revisionDays + 1]);
  });

  /** As the first run of a pipeline does. */
  async function makeTables(): Promise<void> {
    const { cloud, database } = world();
    const pool = new Pool({ ...cloud.postgres.connection(database), options: "-c role=owner" });
    const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
    await migrate(db, "gone", {}).finally(() => db.destroy());
  }

  /** A run of that age of a pipeline that is no more, with one find of each kind. */
  async function runOf(days: number): Promise<void> {
    const run = randomUUID();
    await query(
      `insert into etl_run (id, pipeline, status, started) values ('${run}', 'gone', 'succeeded', now() - interval '${days} days')`,
    );
    await query(
      `insert into revision (run, table_name, key, before, after) values ('${run}', 'gone', '{}', '{}', '{}')`,
    );
    await query(
      `insert into rejected_row (run, source, line, reason, raw) values ('${run}', 'gone.csv', 1, 'bad', '')`,
    );
  }

  /** The ages of the runs whose finds are there. */
  async function left(table: string): Promise<readonly number[]> {
    const rows = await query<{ days: number }>(
      `select extract(day from now() - started)::int as days from etl_run join ${table} on run = etl_run.id order by 1`,
    );
    return rows.map(({ days }) => days);
  }

  const query = <Row extends object>(text: string) => world().cloud.postgres.query<Row>(world().database, text);
}
