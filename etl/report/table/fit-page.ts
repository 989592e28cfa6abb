import type { Excerpt } from "../report-data";
import type { Section } from "./sections";
import type { TablePage } from "./table-page";

const MOST_BYTES = 2_000_000;
/** The most entries of each list. */
const SHARES = [1, 0.5, 0.25, 0.1, 0] as const;

/**
 * Renders a page within a size that suits browsers and mail readers: if long texts would make it larger, fewer of the
 * rows, runs and findings are listed. Their totals stay.
 */
export function renderFitting(page: TablePage, render: (page: TablePage) => string, mostBytes = MOST_BYTES): string {
  let text = "";
  for (const share of SHARES) {
    text = render(shorten(page, share));
    if (Buffer.byteLength(text) <= mostBytes) break;
  }
  return text;
}

function shorten(page: TablePage, share: number): TablePage {
  if (share === 1) return page;
  const { newest, ledger } = page;
  return {
    ...page,
    newest: change(newest, (found) => ({ ...found, rows: begin(found.rows, share) })),
    ledger: change(ledger, ({ runs, revisions, rejections, warnings }) => ({
      // The newest run is the page's head.
      runs: { ...runs, shown: begin(runs.shown, Math.max(share, 1 / runs.shown.length)) },
      revisions: cut(revisions, share),
      rejections: { ...rejections, ...cut(rejections, share) },
      warnings: cut(warnings, share),
    })),
  };
}

function cut<Item>({ shown, total }: Excerpt<Item>, share: number): Excerpt<Item> {
  return { shown: begin(shown, share), total };
}

function begin<Item>(items: readonly Item[], share: number): readonly Item[] {
  return items.slice(0, Math.ceil(items.length * share));
}

function change<Value>(section: Section<Value> | undefined, by: (value: Value) => Value): Section<Value> | undefined {
  return section === undefined || "failure" in section ? section : { value: by(section.value) };
}
