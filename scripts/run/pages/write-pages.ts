import { rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Kysely } from "kysely";
import { makeFolder } from "../../../etl/adapters/files/make-folder";
import type { CoreTables } from "../../../etl/core/database/tables";
import { covidSeries } from "../../../etl/pipelines/covid/report-series";
import { findSubjects } from "../../../etl/report/index/find-subjects";
import { type MadePage, makeTablePages } from "../../../etl/report/index/make-table-pages";
import { pagePlace } from "../../../etl/report/index/page-place";
import { readRunStates } from "../../../etl/report/index/read-run-states";
import { type IndexEntry, type PipelineState, renderIndex } from "../../../etl/report/index/render-index";
import type { TablePageOptions } from "../../../etl/report/table/read-table-page";
import { metadataEntry } from "./metadata-entry";
import { ordersEntry } from "./orders-entry";

export interface WrittenPages {
  /** The index. */
  readonly path: string;
  readonly pages: number;
}

export interface PagesOptions extends TablePageOptions {
  /** Where local runs of `orders` keep their ledgers. */
  readonly ordersFolder: string;
  /** Output of `metadata`, one JSON object per line. Default: `metadata` has no page. */
  readonly uploads?: string;
}

/**
 * Writes a page for each pipeline into a folder, with a bucket's paths: `<pipeline>/index.html`, and an index. The
 * folder's old content stays until all pages are made, and is removed then.
 *
 * @param db undefined if no pipeline has created a database yet
 */
export async function writePages(
  db: Kysely<CoreTables> | undefined,
  folder: string,
  options: PagesOptions,
): Promise<WrittenPages> {
  const { now = new Date(), ordersFolder, uploads } = options;
  const aside = `${folder}.new`;
  await rm(aside, { recursive: true, force: true });
  await makeFolder(aside);
  const entries: IndexEntry[] = [];
  let count = 0;
  const enter = async (state: PipelineState, pages: AsyncIterable<MadePage> | readonly MadePage[]) => {
    const links: IndexEntry["pages"][number][] = [];
    for await (const { name, html } of pages) {
      const href = pagePlace(name);
      await makeFolder(dirname(join(aside, href)));
      await writeFile(join(aside, href), html);
      links.push({ name, href });
      count += 1;
    }
    entries.push({ state, pages: links });
  };
  if (db !== undefined) {
    const subjects = await findSubjects(db);
    for (const state of await readRunStates(db)) {
      const own = subjects.filter(({ pipeline }) => pipeline === state.name);
      await enter(state, makeTablePages(db, own, { ...options, now, series: { covid: covidSeries } }));
    }
  }
  const orders = await ordersEntry(ordersFolder, now);
  if (orders !== undefined) await enter(orders.state, [{ name: "orders", html: orders.page }]);
  const metadata = uploads === undefined ? undefined : await metadataEntry(uploads, now);
  if (metadata !== undefined) await enter(metadata.state, [{ name: "metadata", html: metadata.page }]);
  await writeFile(join(aside, "index.html"), renderIndex(entries, now));
  await rm(folder, { recursive: true, force: true });
  await rename(aside, folder);
  return { path: join(folder, "index.html"), pages: count };
}
