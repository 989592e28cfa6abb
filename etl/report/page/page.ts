import { pageAssets, pagePolicy } from "./assets";
import { type Html, html, trusted } from "./html";

/** A mill wheel in one stroke, to recognise the tab. */
export const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16' fill='none' stroke='%234f6bd8' stroke-width='1.6'%3E%3Ccircle cx='8' cy='8' r='6'/%3E%3Cpath d='M8 2v12M2 8h12M3.8 3.8l8.4 8.4M12.2 3.8l-8.4 8.4'/%3E%3C/svg%3E";

export interface PageProps {
  readonly title: string;
  readonly body: Html;
  /** The data for the chart scripts; without it the page has none of them. */
  readonly series?: Html;
  /** The body has the slider over the runs. @default false */
  readonly hasSlider?: boolean;
  /** Seconds after which the browser reloads the page. @default never */
  readonly reloadAfter?: number;
}

/** The frame of every page: one self-contained document. */
export function renderPage({ title, body, series, hasSlider = false, reloadAfter }: PageProps): string {
  const { style, charts, runs } = pageAssets();
  const scripts = [...(series === undefined ? [] : charts), ...(hasSlider ? [runs] : [])];
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${pagePolicy()}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
${reloadAfter === undefined ? undefined : html`<meta http-equiv="refresh" content="${reloadAfter}">`}
<title>${title}</title>
<link rel="icon" href="${ICON}">
<style>${trusted(style)}</style>
</head>
<body>
${body}
${series === undefined ? undefined : html`<script type="application/json" id="series">${series}</script>`}
${scripts.map((script) => html`<script>${trusted(script)}</script>\n`)}
</body>
</html>
`.toString();
}
