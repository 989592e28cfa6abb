import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { LedgerDirectory } from "../../../etl/adapters/files/ledger-directory";
import { findErrorCode } from "../../../etl/core/database/database";
import { type BatchOverview, overviewBatches } from "../../../etl/pipelines/orders/batch-overview";
import { rejectedKey } from "../../../etl/pipelines/orders/messages/rejected-report";
import type { PipelineState } from "../../../etl/report/index/render-index";
import { ordersState } from "../../../etl/report/orders/orders-state";
import { readRejections } from "../../../etl/report/orders/read-rejections";
import { renderOrdersPage } from "../../../etl/report/orders/render-orders-page";

/**
 * The page of `orders`, for all folders that it ran on here, and its line of the index.
 *
 * @returns undefined if it never ran
 */
export async function ordersEntry(
  folder: string,
  now: Date,
): Promise<{ readonly state: PipelineState; readonly page: string } | undefined> {
  const names = await readdir(folder).catch(emptyWhereMissing);
  const found: (BatchOverview & { readonly own: string })[] = [];
  for (const name of names) {
    const own = join(folder, name);
    const ledger = await LedgerDirectory.open(join(own, "ledger"));
    const batches = await overviewBatches(ledger.scan()).finally(() => ledger.close());
    found.push(...batches.map((batch) => ({ ...batch, own })));
  }
  if (found.length === 0) return undefined;
  const batches = found.sort((a, b) => (b.changed?.getTime() ?? 0) - (a.changed?.getTime() ?? 0));
  const rejections = await readRejections(batches, ({ own, batch }) => {
    return readFile(join(own, rejectedKey(batch, "rows.csv")), "utf8").catch(() => "");
  });
  return { state: ordersState(batches), page: renderOrdersPage({ generated: now, batches, rejections }) };
}

function emptyWhereMissing(error: unknown): string[] {
  if (findErrorCode(error) === "ENOENT") return [];
  throw error;
}
