import { formatInstant } from "../time-format";
import { type Html, html } from "./html";

/** A time for people, with the exact one for machines. */
export function renderInstant(instant: Date): Html {
  return html`<time datetime="${instant.toISOString()}">${formatInstant(instant)}</time>`;
}
