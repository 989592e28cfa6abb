import { type Kysely, sql } from "kysely";
import type { CoreTables } from "../../core/database/tables";
import { isRead } from "../../core/mend/rejected-state";
import { formatFigure } from "../figure-format";
import { findTable } from "../table/catalogue";
import type { PipelineState } from "./render-index";

/** The state of each pipeline of the run ledger, by its newest run. */
export async function readRunStates(db: Kysely<CoreTables>): Promise<readonly PipelineState[]> {
  if ((await findTable(db, "etl_run")) === undefined) return [];
  const { rows } = await sql<{
    pipeline: string;
    status: string;
    started: Date;
    inserted: number | null;
    updated: number | null;
    rejected: number | null;
    succeeded: Date | null;
  }>`
    select distinct on (pipeline) pipeline, status, started, inserted, updated, rejected,
      (select max(good.started) from etl_run good where good.pipeline = etl_run.pipeline and good.status = 'succeeded' and to_jsonb(good) ->> 'mended_by' is null) as succeeded
    from etl_run where ${isRead()} order by pipeline, started desc, id`.execute(db);
  return rows.map(({ pipeline, status, started, inserted, updated, rejected, succeeded }) => ({
    name: pipeline,
    status: status === "dry-run" ? "dry run" : status,
    at: started,
    succeeded,
    summary:
      inserted === null
        ? "no counts"
        : `${formatFigure(inserted)} inserted, ${formatFigure(updated)} updated, ${formatFigure(rejected)} rejected`,
  }));
}
