import { type Html, html } from "../page/html";
import { renderPage } from "../page/page";
import { type Column, renderTable } from "../page/table";
import { renderInstant } from "../page/time";

/** A pipeline's state, in one line. */
export interface PipelineState {
  readonly name: string;
  /** One word, which is also its colour: `succeeded`, `failed`, `running`, … */
  readonly status: string;
  /** The time of the status. */
  readonly at: Date | null;
  /** The last success, if known. */
  readonly succeeded: Date | null;
  readonly summary: string;
}

/** A page that the index links to. */
export interface IndexEntry {
  readonly state: PipelineState;
  /** Relative to the index: `covid/index.html`. Each page with its name. */
  readonly pages: readonly { readonly name: string; readonly href: string }[];
}

const COLUMNS: readonly Column<IndexEntry>[] = [
  { title: "Pipeline", cell: ({ pages, state }) => (pages.length === 0 ? state.name : html`${pages.map(renderLink)}`) },
  { title: "State", cell: ({ state }) => html`<span class="status ${wordOf(state.status)}">${state.status}</span>` },
  { title: "Newest", cell: ({ state }) => renderWhen(state.at) },
  { title: "Last success", cell: ({ state }) => renderWhen(state.succeeded) },
  { title: "What it did", kind: "wide", cell: ({ state }) => state.summary },
];

/** The page that lists all pipelines. Those that failed come first. */
export function renderIndex(entries: readonly IndexEntry[], generated: Date): string {
  const sorted = [...entries].sort(
    (a, b) => rank(a) - rank(b) || (a.state.name < b.state.name ? -1 : a.state.name > b.state.name ? 1 : 0),
  );
  const failed = entries.filter(({ state }) => state.status === "failed").length;
  const summary = failed === 0 ? "No pipeline failed last." : `${failed} of ${entries.length} failed last.`;
  return renderPage({
    title: "pipelines · millrace",
    body: html`<header><div><p class="quiet">millrace</p><h1>Pipelines</h1></div>${entries.length === 0 ? undefined : html`<p>${summary}</p>`}</header>
<main>${
      entries.length === 0
        ? html`<section class="card nothing"><h2>No pipeline ran yet</h2><p><code>npm run etl -- --help</code></p></section>`
        : html`<section class="card list">${renderTable("Pipelines", COLUMNS, sorted)}</section>`
    }</main>
<footer class="quiet">Made by millrace on ${renderInstant(generated)}.</footer>`,
  });
}

function rank({ state }: IndexEntry): number {
  return state.status === "failed" ? 0 : 1;
}

function renderLink({ name, href }: IndexEntry["pages"][number]): Html {
  return html`<div><a href="${href}">${name}</a></div>`;
}

function renderWhen(at: Date | null): Html | string {
  return at === null ? "never" : renderInstant(at);
}

/** For a class name: a ledger's status may be any text. */
function wordOf(status: string): string {
  return /^[a-z]+$/.test(status) ? status : "";
}
