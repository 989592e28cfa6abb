import { formatExact } from "../figure-format";
import { RADAR_DAYS, RADAR_REVISIONS } from "../ledger/read-radar";
import type { Excerpt, RadarLine } from "../report-data";
import { type Html, html } from "./html";
import { type Column, renderExtent, renderTable } from "./table";

const COLUMNS: readonly Column<RadarLine>[] = [
  { title: "Run of", cell: ({ started }) => html`<b>${started}</b>` },
  { title: "Column", cell: ({ table, column }) => `${table}.${column}` },
  { title: "Records", kind: "number", cell: ({ records }) => records.toLocaleString("en-US") },
  { title: "Days", kind: "number", cell: ({ days, oldest }) => (oldest === null ? "" : String(days)) },
  { title: "From", cell: ({ oldest }) => oldest ?? "" },
  { title: "To", cell: ({ newest }) => newest ?? "" },
  { title: "Days back", kind: "number", cell: ({ daysBack }) => daysBack?.toLocaleString("en-US") ?? "" },
  { title: "By, in all", kind: "number", cell: ({ sum }) => signed(sum) },
  { title: "Largest", kind: "number", cell: ({ largest }) => signed(largest) },
];

/** The past days that each run revised, how far back they were, and by how much: a line per run and column. */
export function renderRadar(radar: Excerpt<RadarLine>): Html {
  return html`<section aria-labelledby="radar">
<h2 id="radar">Revision radar <span class="quiet">runs of the last ${RADAR_DAYS} days, at most their newest ${RADAR_REVISIONS.toLocaleString("en-US")} revisions</span></h2>
<div class="card">${radar.total === 0 ? html`<p class="quiet">No run revised anything.</p>` : renderTable("Revision radar", COLUMNS, radar.shown)}
${renderExtent(radar)}</div>
</section>`;
}

function signed(text: string | null): string {
  if (text === null) return "";
  return /^(0|-)/.test(text) ? formatExact(text) : `+${formatExact(text)}`;
}
