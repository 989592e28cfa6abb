import { areSensitive, headersOf } from "../../core/contract/column";
import { describeColumn } from "../../core/contract/describe";
import { counted } from "../../core/counted";
import { embedJson, type Html, html, trusted } from "../page/html";
import { ICON } from "../page/page";
import { contentPolicy } from "../page/policy";
import type { Doorstep } from "./check-file";

export interface DoorstepAssets {
  readonly style: string;
  readonly script: string;
  /** Its text: the page starts it from its own memory. */
  readonly worker: string;
}

/** A page that checks a file before it is sent: one document that needs no server, and may call none. */
export function renderDoorstep(doorstep: Doorstep, { style, script, worker }: DoorstepAssets): string {
  const { name } = doorstep;
  // The worker is the text that the page carries, and inherits this policy.
  const policy = contentPolicy({ scripts: [script], style, more: ["worker-src blob:"] });
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Check a file of ${name} · millrace</title>
<link rel="icon" href="${ICON}">
<style>${trusted(style)}</style>
</head>
<body>
<header><div><p class="quiet">millrace</p><h1>Check a file of ${name}</h1></div></header>
<main>
<p class="card" id="promise">Nothing is uploaded. This page reads the file in your browser, by the rules of the load, and calls no network.</p>
<form id="door" class="card">
<label for="file">CSV file, plain or packed by gzip or zip</label>
<input type="file" id="file" aria-describedby="drop">
<p id="drop" class="quiet">Choose it, or drop it anywhere on this page.</p>
<p id="working" hidden><label for="progress">Checking</label> <progress id="progress" max="1" value="0"></progress>
<button type="button" id="cancel">Cancel</button></p>
</form>
<section id="verdict" aria-live="polite" tabindex="-1"></section>
<noscript><p class="card">This page needs JavaScript.</p></noscript>
${renderExpected(doorstep)}
</main>
<footer class="quiet">What only the database knows is not checked: rows with a key that it has, and its own constraints.</footer>
<script type="application/json" id="doorstep">${embedJson({ doorstep, worker })}</script>
<script>${trusted(script)}</script>
</body>
</html>
`.toString();
}

function renderExpected({ contract, maxRejected }: Doorstep): Html {
  const { columns, header = true, delimiter = ",", encoding = "utf-8", quotedLineBreaks = false } = contract;
  const limit =
    "rows" in maxRejected ? counted(maxRejected.rows, "rejected row") : `${maxRejected.percent}% rejected rows`;
  return html`<section><h2>What is expected</h2>
<ul class="facts">
<li>${header ? "A header with these columns, in any order" : "No header: the fields are in this order"}</li>
<li>Delimiter: ${delimiter === "\t" ? "tab" : html`<code>${delimiter}</code>`}</li>
<li>Encoding: ${encoding}</li>
<li>Line breaks within quotes: ${quotedLineBreaks ? "taken" : "a row is rejected"}</li>
<li>Columns of the header that are not here: ${UNKNOWN[contract.unknownColumns ?? "ignore"]}</li>
<li>A file with more than ${limit} is rejected</li>
${areSensitive(columns) ? html`<li>Values are not shown, as some of them are sensitive</li>` : undefined}
</ul>
<table class="card"><thead><tr><th>Column</th><th>Type</th><th>A row is rejected unless it is</th></tr></thead>
<tbody>${Object.entries(columns).map(
    ([name, column]) => html`<tr><td data-label="Column">${(header ? headersOf(name, column) : [name]).map(
      (each, at) => html`${at > 0 ? " or " : ""}<code>${each}</code>`,
    )}</td><td data-label="Type">${column.type}</td>
<td class="wide" data-label="A row is rejected unless it is">${describeColumn(column)}</td></tr>
`,
  )}</tbody></table></section>`;
}

const UNKNOWN = { ignore: "ignored", warn: "ignored, with a warning", fail: "the file is rejected" } as const;
