import { formatFigure } from "../figure-format";
import { type Html, html } from "../page/html";
import { renderPage } from "../page/page";
import { type Column, renderTable } from "../page/table";
import { renderInstant } from "../page/time";
import type { Sum, UploadStatistics } from "./upload-statistics";

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"] as const;

/**
 * The page of `metadata`: its uploads by type and by size.
 *
 * @param since if they are incomplete, the time from which on they are complete
 */
export function renderMetadataPage(uploads: UploadStatistics, generated: Date, since?: Date): string {
  const { newest } = uploads;
  return renderPage({
    title: "metadata · millrace",
    body: html`<header><div><p class="quiet">millrace</p><h1>metadata</h1></div>
${newest && html`<p>Newest upload ${renderInstant(newest)}</p>`}${since && html`<p>The time did not suffice for all uploads before ${renderInstant(since)}.</p>`}</header>
<main>${uploads.uploads === 0 ? renderNothingYet() : renderParts(uploads)}</main>
<footer class="quiet">Made by millrace on ${renderInstant(generated)}.</footer>`,
  });
}

function renderParts({ uploads, bytes, types, sizes }: UploadStatistics): readonly Html[] {
  const figures = { Uploads: formatFigure(uploads), "All together": formatBytes(bytes) };
  return [
    html`<section aria-labelledby="figures"><h2 id="figures">Figures</h2>
<ul class="tiles">${Object.entries(figures).map(
      ([title, figure], index) => html`<li class="card tile series-${index}"><h3><span class="dot"></span>${title}</h3>
<p class="figure">${figure}</p></li>\n`,
    )}</ul></section>`,
    renderSums("By type", "types", types),
    renderSums("By size", "sizes", sizes),
  ];
}

function renderSums(title: string, id: string, sums: readonly Sum[]): Html {
  const most = Math.max(1, ...sums.map(({ uploads }) => uploads));
  const columns: readonly Column<Sum>[] = [
    { title: id === "types" ? "Type" : "Size", kind: "wide", cell: ({ title }) => title.slice(0, 200) },
    { title: "Uploads", kind: "number", cell: ({ uploads }) => formatFigure(uploads) },
    { title: "Together", kind: "number", cell: ({ bytes }) => formatBytes(bytes) },
    {
      title: "Share of the most",
      cell: ({ uploads }) => html`<meter min="0" max="${most}" value="${uploads}">${uploads}</meter>`,
    },
  ];
  return html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>
<div class="card">${renderTable(title, columns, sums)}</div></section>`;
}

function renderNothingYet(): Html {
  return html`<section class="card nothing"><h2>No upload yet</h2><p>Uploads are counted as they come.</p></section>`;
}

/** `1.5 MiB` */
function formatBytes(bytes: number): string {
  const unit = Math.min(UNITS.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10));
  return `${(bytes / 1024 ** unit).toLocaleString("en-US", { maximumFractionDigits: 1 })} ${UNITS[unit]}`;
}
