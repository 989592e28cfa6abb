import type { Kysely } from "kysely";
import type { CoreTables } from "../../core/database/tables";
import type { SeriesDescription } from "../daily-series";
import { readReport } from "../read-report";
import { renderReport } from "../render-report";
import { readTablePage, type TablePageOptions } from "../table/read-table-page";
import { renderTablePage } from "../table/render-table-page";
import type { TableSubject } from "../table/table-page";

/** A page before it is written, and its subject. */
export interface MadePage {
  readonly name: string;
  readonly html: string;
}

export interface TablePagesOptions extends TablePageOptions {
  /** Pipelines whose page draws a described series. */
  readonly series: Readonly<Record<string, SeriesDescription>>;
}

/** Makes the page of each table, one after the other: two of them need not fit into memory. */
export async function* makeTablePages(
  db: Kysely<CoreTables>,
  subjects: readonly TableSubject[],
  { series: described, ...options }: TablePagesOptions,
): AsyncGenerator<MadePage> {
  for (const subject of subjects) {
    const { pipeline, title = pipeline } = subject;
    const series = described[pipeline];
    const html =
      series === undefined
        ? renderTablePage(await readTablePage(db, subject, options))
        : renderReport(await readReport(db, { pipeline, series, now: options.now, shape: options.shapes?.[pipeline] }));
    yield { name: title, html };
  }
}
