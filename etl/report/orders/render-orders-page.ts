import { formatFigure } from "../figure-format";
import { type Html, html } from "../page/html";
import { renderPage } from "../page/page";
import { type Column, renderExtent, renderTable } from "../page/table";
import { renderInstant } from "../page/time";
import { withoutQuotes } from "../without-quotes";
import type { OrdersPage, RejectedOrderRow, ReportedBatch } from "./orders-page";

const LIMITS = { batches: 100, rejections: 100, text: 300 } as const;

const BATCHES: readonly Column<ReportedBatch>[] = [
  { title: "Batch", kind: "wide", cell: ({ batch }) => html`<b>${cut(batch)}</b>` },
  { title: "State", cell: renderState },
  { title: "Changed", cell: ({ changed }) => (changed === null ? "unknown" : renderInstant(changed)) },
  ...(["customers", "orders", "items"] as const).map((kind) => ({
    title: `Rows of ${kind}`,
    kind: "number" as const,
    cell: ({ files }: ReportedBatch) => formatCount(files.find((file) => file.kind === kind)?.rows),
  })),
  { title: "Messages", kind: "number", cell: ({ messages }) => formatFigure(messages) },
  { title: "Corrected", kind: "number", cell: ({ corrected }) => formatFigure(corrected) },
  { title: "Rejected", kind: "number", cell: ({ rejected }) => formatFigure(rejected) },
  { title: "What it waits for", kind: "wide", cell: describeTrouble },
];

const REJECTIONS: readonly Column<RejectedOrderRow>[] = [
  { title: "Batch", cell: ({ batch }) => cut(batch) },
  { title: "Source", cell: ({ source }) => cut(source) },
  { title: "Line", kind: "number", cell: ({ line }) => cut(line) },
  { title: "Reason", kind: "wide", cell: ({ reason }) => cut(withoutQuotes(reason)) },
];

/** The page of `orders`: its batches, their sent messages, and the places of rejected rows. It names no customer. */
export function renderOrdersPage(page: OrdersPage): string {
  const { batches, generated } = page;
  return renderPage({
    title: "orders · millrace",
    body: html`<header><div><p class="quiet">millrace</p><h1>orders</h1></div></header>
<main>${batches.length === 0 ? renderNothingYet() : renderParts(page)}</main>
<footer class="quiet">Made by millrace on ${renderInstant(generated)}.</footer>`,
  });
}

function renderParts({ batches, rejections }: OrdersPage): readonly Html[] {
  const sum = (of: (batch: ReportedBatch) => number) => batches.reduce((total, batch) => total + of(batch), 0);
  const figures = {
    Batches: batches.length,
    Messages: sum(({ messages }) => messages),
    "Corrected customers": sum(({ corrected }) => corrected),
    "Rejected rows": sum(({ rejected }) => rejected),
    "Batches with a failure": sum(({ failure }) => (failure === undefined ? 0 : 1)),
  };
  const shown = batches.slice(0, LIMITS.batches);
  const rows = rejections.slice(0, LIMITS.rejections);
  return [
    html`<section aria-labelledby="figures"><h2 id="figures">Figures</h2>
<ul class="tiles">${Object.entries(figures).map(
      (
        [title, figure],
        index,
      ) => html`<li class="card tile series-${index % 4}"><h3><span class="dot"></span>${title}</h3>
<p class="figure">${formatFigure(figure)}</p></li>\n`,
    )}</ul></section>`,
    html`<section aria-labelledby="batches"><h2 id="batches">Batches</h2>
<div class="card scroll">${renderTable("Batches", BATCHES, shown)}${renderExtent({ shown, total: batches.length })}</div></section>`,
    html`<section aria-labelledby="rejected-rows"><h2 id="rejected-rows">Rejected rows</h2>
<div class="card">${
      rows.length === 0
        ? html`<p class="quiet">No row was rejected.</p>`
        : [
            renderTable("Rejected rows", REJECTIONS, rows),
            html`${renderExtent({ shown: rows, total: Math.max(figures["Rejected rows"], rows.length) })}`,
          ]
    }</div></section>`,
  ];
}

function renderNothingYet(): Html {
  return html`<section class="card nothing"><h2>No batch yet</h2><p>The first file that comes makes one.</p></section>`;
}

function renderState({ state, failure }: ReportedBatch): Html {
  const isBad = failure !== undefined || state === "spoilt";
  const colour = isBad ? "failed" : state === "sent" ? "succeeded" : "";
  return html`<span class="status ${colour}">${isBad && state !== "spoilt" ? "failed" : state}</span>`;
}

function describeTrouble({ state, failure, missing }: ReportedBatch): string {
  if (failure !== undefined) return cut(withoutQuotes(failure));
  if (state === "spoilt") return "its item in the ledger cannot be read";
  return state === "waiting" && missing.length > 0 ? missing.join(", ") : "";
}

function formatCount(count: number | undefined): string {
  return count === undefined ? "\u2013" : formatFigure(count);
}

function cut(text: string): string {
  const characters = [...text.slice(0, LIMITS.text * 2)];
  return characters.length > LIMITS.text ? `${characters.slice(0, LIMITS.text).join("")}…` : text;
}
