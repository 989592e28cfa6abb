import { html } from "./page/html";
import { renderPage } from "./page/page";

export interface Message {
  readonly title: string;
  readonly text: string;
  /** Seconds after which the browser reloads. @default never */
  readonly reloadAfter?: number;
}

/** A page in the report's style with one message. */
export function renderMessage({ title, text, reloadAfter }: Message): string {
  return renderPage({
    title: `${title} · millrace`,
    reloadAfter,
    body: html`<header><p class="quiet">millrace</p></header>
<main><section class="card nothing"><h1>${title}</h1><p>${text}</p></section></main>`,
  });
}
