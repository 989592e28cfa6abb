import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import Papa from "papaparse";
import { LedgerDirectory } from "../../etl/adapters/ledger-directory";
import { findErrorCode } from "../../etl/core/database";
import { type BatchOverview, overviewBatches } from "../../etl/pipelines/orders/batch-overview";
import { rejectedKey } from "../../etl/pipelines/orders/rejected-report";
import type { PipelineState } from "../../etl/report/index/render-index";
import type { RejectedOrderRow } from "../../etl/report/orders/orders-page";
import { renderOrdersPage } from "../../etl/report/orders/render-orders-page";

/** Of the newest batches, so many rejected rows are read. */
const REJECTED = 100;

/**
 * The page of `orders`, of all folders that it ran on here, and its line of the index.
 *
 * @returns undefined where it never ran
 */
export async function ordersEntry(
  folder: string,
  now: Date,
): Promise<{ readonly state: PipelineState; readonly page: string } | undefined> {
  const names = await readdir(folder).catch(emptyWhereMissing);
  const found: { batch: BatchOverview; own: string }[] = [];
  for (const name of names) {
    const own = join(folder, name);
    const ledger = await LedgerDirectory.open(join(own, "ledger"));
    const batches = await overviewBatches(ledger.scan()).finally(() => ledger.close());
    found.push(...batches.map((batch) => ({ batch, own })));
  }
  const [newest] = found.sort((a, b) => (b.batch.changed?.getTime() ?? 0) - (a.batch.changed?.getTime() ?? 0));
  if (newest === undefined) return undefined;
  const batches = found.map(({ batch }) => batch);
  const page = renderOrdersPage({ generated: now, batches, rejections: await readRejections(found) });
  return { state: describe(batches, newest.batch), page };
}

function describe(batches: readonly BatchOverview[], newest: BatchOverview): PipelineState {
  const sent = batches.filter(({ state, failure }) => state === "sent" && failure === undefined);
  const failed = batches.filter(({ state, failure }) => failure !== undefined || state === "spoilt").length;
  const messages = batches.reduce((sum, batch) => sum + batch.messages, 0);
  return {
    name: "orders",
    status: failed > 0 ? "failed" : newest.state === "sent" ? "succeeded" : newest.state,
    at: newest.changed,
    succeeded: sent[0]?.changed ?? null,
    summary: `${batches.length} batches, ${failed} of them failed, ${messages.toLocaleString("en-US")} messages`,
  };
}

async function readRejections(
  found: readonly { readonly batch: BatchOverview; readonly own: string }[],
): Promise<readonly RejectedOrderRow[]> {
  const rows: RejectedOrderRow[] = [];
  for (const { batch, own } of found.filter((each) => each.batch.rejected > 0)) {
    if (rows.length >= REJECTED) break;
    const text = await readFile(join(own, rejectedKey(batch.batch, "rows.csv")), "utf8").catch(() => "");
    const { data } = Papa.parse<Record<string, string>>(text, {
      header: true,
      preview: REJECTED,
      skipEmptyLines: true,
    });
    for (const { source = "", line = "", reason = "" } of data) rows.push({ batch: batch.batch, source, line, reason });
  }
  return rows;
}

function emptyWhereMissing(error: unknown): string[] {
  if (findErrorCode(error) === "ENOENT") return [];
  throw error;
}
