import type { Kysely, Transaction } from "kysely";
import type { CoreTables } from "../../core/database/tables";
import type { RunShape } from "../../core/prices/run-cost";
import { MOST_ROWS, readAfterRuns } from "../ledger/read-after-runs";
import { readLedger } from "../ledger/read-ledger";
import { readRadar } from "../ledger/read-radar";
import type { Excerpt, RadarLine } from "../report-data";
import { findTable, type TableShape } from "./catalogue";
import { HiddenColumns } from "./hidden-columns";
import { figuresOf, readByDay } from "./read-by-day";
import { readFreshness } from "./read-freshness";
import { readNewestRows } from "./read-newest-rows";
import { SectionReader } from "./sections";
import type { Ledger, TablePage, TableSubject } from "./table-page";

export interface TablePageOptions {
  /** Columns that the page does not show: `column` or `table.column`. */
  readonly hide?: readonly string[];
  /** Time limit of all statements together. @default 20,000 ms */
  readonly timeLimitMs?: number;
  /** The time shown on the page. @default now */
  readonly now?: Date;
  /** How the pipelines run on AWS, by name. @default they do not, and costs are not shown */
  readonly shapes?: Readonly<Record<string, RunShape>>;
  /** Called with the reason why a part of the page could not be read. */
  readonly onFailure?: (section: string, error: unknown) => void;
}

const TIME_LIMIT_MS = 20_000;

/** Reads the data of a table's page, in one snapshot of the database, in a read-only transaction. */
export async function readTablePage<Tables extends CoreTables>(
  db: Kysely<Tables>,
  subject: TableSubject,
  { hide = [], timeLimitMs = TIME_LIMIT_MS, now = new Date(), shapes = {}, onFailure }: TablePageOptions = {},
): Promise<TablePage> {
  return (db as unknown as Kysely<CoreTables>)
    .transaction()
    .setIsolationLevel("repeatable read")
    .setAccessMode("read only")
    .execute(async (trx) => {
      const sections = new SectionReader(trx, timeLimitMs, onFailure);
      const hidden = new HiddenColumns(hide, subject.table);
      // The small parts first: they remain if the table takes all of the time.
      const runs = await readRuns(trx, sections, subject.pipeline, hidden);
      const found = await findTable(trx, subject.table);
      const table = found && (await readTable(sections, found, hidden));
      // Last, since it may be large: for a pipeline without revisions there is no query.
      const keepsRevisions = hasAny(runs.ledger) && found !== undefined;
      const radar = keepsRevisions
        ? await sections.read("revision radar", async (all) =>
            hideRadar(await readRadar(all, subject.pipeline, now), found, hidden),
          )
        : undefined;
      const after = found && (await readAfter(sections, { found, hidden, ledger: runs.ledger, byDay: table?.byDay }));
      const shape = shapes[subject.pipeline];
      return {
        ...{ subject, generated: now, ...runs, ...table },
        ...(radar && { radar }),
        ...(after && { after }),
        ...(shape && { shape }),
      };
    });
}

async function readRuns(
  trx: Transaction<CoreTables>,
  sections: SectionReader<CoreTables>,
  pipeline: string,
  hidden: HiddenColumns,
): Promise<Pick<TablePage, "freshness" | "ledger">> {
  for (const table of ["etl_run", "revision", "rejected_row"]) {
    if ((await findTable(trx, table)) === undefined) return {};
  }
  return {
    freshness: await sections.read("freshness", (db) => readFreshness(db, pipeline)),
    ledger: await sections.read("ledger", async (db) => hide(await readLedger(db, pipeline), hidden)),
  };
}

async function readTable(
  sections: SectionReader<CoreTables>,
  shape: TableShape,
  hidden: HiddenColumns,
): Promise<Pick<TablePage, "byDay" | "newest" | "estimatedRows">> {
  const { estimatedRows } = shape;
  const seen = { ...shape, columns: shape.columns.filter(({ name }) => !hidden.has(name)) };
  return {
    newest: await sections.read("newest rows", (db) => readNewestRows(db, seen)),
    byDay: await sections.read("rows by day", (db) => readByDay(db, seen)),
    ...(estimatedRows !== undefined && { estimatedRows }),
  };
}

/** The figures of the page as runs left them; last of all, as the table is read for each of them. */
async function readAfter(
  sections: SectionReader<CoreTables>,
  { found, hidden, ledger, byDay }: Pick<TablePage, "ledger" | "byDay"> & { found: TableShape; hidden: HiddenColumns },
): Promise<TablePage["after"]> {
  if (ledger === undefined || !("value" in ledger) || byDay === undefined || !("value" in byDay)) return undefined;
  if (byDay.value.rows > MOST_ROWS) return undefined;
  const seen = found.columns.filter(({ name }) => !hidden.has(name));
  return sections.read("figures after runs", (db) =>
    readAfterRuns(db, `${found.schema}.${found.table}`, ledger.value.runs, figuresOf(seen)),
  );
}

function hasAny(ledger: TablePage["ledger"]): boolean {
  return ledger !== undefined && "value" in ledger && ledger.value.revisions.total > 0;
}

/** Days are part of the key: if a part of it is hidden, they are not shown either. */
function hideRadar(
  { shown, total }: Excerpt<RadarLine>,
  { columns }: TableShape,
  hidden: HiddenColumns,
): Excerpt<RadarLine> {
  const isKeyHidden = columns.some(({ name, isKey }) => isKey && hidden.has(name));
  const untold = { days: null, oldest: null, newest: null, daysBack: null };
  const seen = shown.filter(({ column }) => !hidden.has(column));
  return {
    shown: isKeyHidden ? seen.map((line) => ({ ...line, ...untold })) : seen,
    total: total - (shown.length - seen.length),
  };
}

function hide({ runs, revisions, rejections, warnings }: Ledger, hidden: HiddenColumns): Ledger {
  return {
    runs: { ...runs, shown: runs.shown.map((run) => hidden.run(run)) },
    revisions: { ...revisions, shown: revisions.shown.map((revision) => hidden.revision(revision)) },
    rejections: { ...rejections, shown: rejections.shown.map((rejection) => hidden.rejection(rejection)) },
    warnings: { ...warnings, shown: warnings.shown.map((warning) => hidden.text(warning)) },
  };
}
