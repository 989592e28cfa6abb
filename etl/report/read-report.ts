import { type Kysely, sql, type Transaction } from "kysely";
import type { CoreTables } from "../core/database/tables";
import type { RunShape } from "../core/prices/run-cost";
import { type DailySeries, type SeriesDescription, toDailySeries } from "./daily-series";
import { type FigureOf, readAfterRuns } from "./ledger/read-after-runs";
import { readLedger } from "./ledger/read-ledger";
import { readRadar } from "./ledger/read-radar";
import type { ReportData } from "./report-data";
import { SectionReader } from "./table/sections";

export interface ReadReportOptions {
  readonly pipeline: string;
  readonly series: SeriesDescription;
  /** How the pipeline runs on AWS. Default: costs are not shown. */
  readonly shape?: RunShape;
  /** The time shown in the report; by default the present. */
  readonly now?: Date;
}

/** The most days in a report, the newest: about eleven years, and a page well under 1 MB. */
const DAYS_LIMIT = 4000;

/** The most time for reading the table as it was. */
const TIME_LIMIT_MS = 5_000;

/**
 * Reads the data of a report about one pipeline, in one snapshot of the database. Missing tables count as empty, so
 * that a report can be made before the first run.
 */
export async function readReport<Tables extends CoreTables>(
  db: Kysely<Tables>,
  { pipeline, series, shape, now = new Date() }: ReadReportOptions,
): Promise<ReportData> {
  return (db as unknown as Kysely<CoreTables>)
    .transaction()
    .setIsolationLevel("repeatable read")
    .setAccessMode("read only")
    .execute(async (snapshot) => {
      const shared = await hasTables(snapshot, ["etl_run", "revision", "rejected_row"]);
      return {
        ...emptyReport({ pipeline, series, now }),
        ...(shape && { shape }),
        ...((await hasTables(snapshot, [series.table])) ? { series: await readSeries(snapshot, series) } : {}),
        ...(shared ? await readRuns(snapshot, { pipeline, series, now }) : {}),
      };
    });
}

async function readRuns(
  db: Transaction<CoreTables>,
  { pipeline, series, now }: Required<Pick<ReadReportOptions, "pipeline" | "series" | "now">>,
): Promise<Partial<ReportData>> {
  const ledger = await readLedger(db, pipeline);
  const radar = await readRadar(db, pipeline, now);
  const after = await new SectionReader(db, TIME_LIMIT_MS).read("figures after runs", (within) =>
    readAfterRuns(within, series.table, ledger.runs, figuresOf(series)),
  );
  return { ...ledger, radar, after: "value" in after ? after.value : [] };
}

/** Of the newest day. */
function figuresOf({ x, values }: SeriesDescription): readonly FigureOf[] {
  return [
    { title: "Rows", aggregate: sql`count(*)` },
    { title: "Newest day", aggregate: sql`max(${sql.ref(x)})` },
    ...values.map(({ column, title }) => ({
      title,
      aggregate: sql`(array_agg(${sql.ref(column)} order by ${sql.ref(x)} desc))[1]`,
    })),
  ];
}

/** The report of a pipeline that never ran. */
export function emptyReport({ pipeline, series, now = new Date() }: ReadReportOptions): ReportData {
  const none = { shown: [], total: 0 };
  return {
    pipeline,
    generated: now,
    series: toDailySeries(series.values, []),
    runs: none,
    revisions: none,
    radar: none,
    rejections: { ...none, mended: 0, superseded: 0 },
    warnings: none,
    after: [],
  };
}

async function hasTables(db: Transaction<CoreTables>, names: readonly string[]): Promise<boolean> {
  const { rows } = await sql<{ missing: boolean }>`
    select bool_or(to_regclass(quote_ident(name)) is null) as missing from unnest(${sql.val(names)}::text[]) as name
  `.execute(db);
  return rows[0]?.missing === false;
}

async function readSeries(db: Transaction<CoreTables>, { table, x, values }: SeriesDescription): Promise<DailySeries> {
  const columns = values.map(({ column }) => sql.ref(column));
  const { rows } = await sql<{ day: string; figures: (number | null)[] }>`
    select ${sql.ref(x)}::text as day, jsonb_build_array(${sql.join(columns)}) as figures
    from ${sql.table(table)} order by ${sql.ref(x)} desc limit ${sql.lit(DAYS_LIMIT)}
  `.execute(db);
  return toDailySeries(values, rows.reverse());
}
