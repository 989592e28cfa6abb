// Hands the file that is chosen or dropped to the worker, and shows what that says.

/**
 * @typedef {Omit<import("../check-file").FileVerdict, "rejections">} Verdict
 * @typedef {import("../../../core/csv/rejected-row").RejectedRow} RejectedRow
 * @typedef {{ verdict: Verdict, shown: RejectedRow[], csv: Blob }} Outcome
 * @typedef {{ done?: number, failure?: string } & Partial<Outcome>} Said
 */

const { doorstep, worker: code } = JSON.parse(document.getElementById("doorstep")?.textContent ?? "");
const whole = new Intl.NumberFormat("en-US");

const file = /** @type {HTMLInputElement} */ (document.getElementById("file"));
const working = /** @type {HTMLElement} */ (document.getElementById("working"));
const progress = /** @type {HTMLProgressElement} */ (document.getElementById("progress"));
const verdict = /** @type {HTMLElement} */ (document.getElementById("verdict"));

/** The one that is at work. @type {Worker | undefined} */
let current;
/** Of the rows that may be downloaded. @type {string | undefined} */
let address;

/** @param {File} chosen */
function check(chosen) {
  stop();
  const source = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  const worker = new Worker(source);
  current = worker;
  URL.revokeObjectURL(source);
  progress.value = 0;
  working.hidden = false;
  verdict.replaceChildren(element("p", `Checking ${chosen.name}`, "quiet"));
  worker.onmessage = (/** @type {MessageEvent<Said>} */ { data }) => {
    if (data.done !== undefined) {
      progress.value = chosen.size === 0 ? 1 : data.done / chosen.size;
      return;
    }
    stop();
    if (data.verdict && data.shown && data.csv) {
      show(chosen.name, { verdict: data.verdict, shown: data.shown, csv: data.csv });
    } else fail(chosen.name, data.failure);
  };
  worker.onerror = (event) => {
    stop();
    fail(chosen.name, event.message);
  };
  worker.postMessage({ doorstep, file: chosen });
}

function stop() {
  current?.terminate();
  current = undefined;
  working.hidden = true;
  if (address !== undefined) URL.revokeObjectURL(address);
  address = undefined;
}

/**
 * @param {string} name
 * @param {string | undefined} reason
 */
function fail(name, reason = "no reason was given") {
  verdict.replaceChildren(element("h2", name), element("p", `This file could not be checked: ${reason}`, "card"));
}

/**
 * @param {string} name
 * @param {Outcome} outcome
 */
function show(name, { verdict: found, shown, csv }) {
  const heading = element("h2", `${name} `);
  heading.append(statusOf(found));
  verdict.replaceChildren(heading, summarise(found));
  if (shown.length === 0) return;
  verdict.append(
    element(
      "h3",
      shown.length < found.rejected
        ? `The first ${shown.length === 1 ? "rejected row" : `${shown.length} rejected rows`}`
        : "Rejected rows",
    ),
  );
  verdict.append(tableOf(shown), downloadOf(name, csv));
}

/** @param {Verdict} found */
function statusOf({ refusal, rejected }) {
  if (refusal !== undefined) return element("span", "rejected", "status failed");
  return rejected > 0 ? element("span", "accepted in part", "status") : element("span", "accepted", "status succeeded");
}

/** @param {Verdict} found */
function summarise({ rows, accepted, rejected, headerFits, unknown, refusal }) {
  const list = element("ul", "", "card facts");
  if (refusal !== undefined) list.append(element("li", refusal));
  list.append(
    element(
      "li",
      `${whole.format(accepted)} ${accepted === 1 ? "row" : "rows"} accepted, ${whole.format(rejected)} rejected`,
    ),
  );
  if (headerFits) list.append(element("li", "The header fits"));
  if (unknown.length > 0) {
    const names = unknown.map((each) => JSON.stringify(each)).join(", ");
    list.append(element("li", `Its header has columns that the contract does not have: ${names}`));
  }
  if (rows === 0 && refusal === undefined) list.append(element("li", "It has no rows: the load takes it, and warns"));
  return list;
}

/** @param {RejectedRow[]} rows */
function tableOf(rows) {
  const table = element("table", "", "card");
  table.append(element("thead"), element("tbody"));
  const [head, body] = table.children;
  head?.append(rowOf(["Line", "Reason", "Row"].map((title) => element("th", title))));
  for (const { line, reason, raw } of rows) {
    const cells = [element("td", String(line)), element("td", reason, "wide"), element("td", "", "wide")];
    cells[2]?.append(element("code", raw));
    for (const [at, label] of ["Line", "Reason", "Row"].entries()) cells[at]?.setAttribute("data-label", label);
    body?.append(rowOf(cells));
  }
  return table;
}

/** @param {HTMLElement[]} cells */
function rowOf(cells) {
  const row = element("tr");
  row.append(...cells);
  return row;
}

/**
 * @param {string} name
 * @param {Blob} csv
 */
function downloadOf(name, csv) {
  const link = /** @type {HTMLAnchorElement} */ (element("a", "Download all rejected rows as CSV"));
  address = URL.createObjectURL(csv);
  link.href = address;
  link.download = `${name}.rejected.csv`;
  const paragraph = element("p");
  paragraph.append(link);
  return paragraph;
}

/**
 * @param {string} tag
 * @param {string} text
 * @param {string} className
 */
function element(tag, text = "", className = "") {
  const made = document.createElement(tag);
  made.textContent = text;
  if (className !== "") made.className = className;
  return made;
}

file.addEventListener("change", () => {
  if (file.files?.[0]) check(file.files[0]);
});
document.getElementById("cancel")?.addEventListener("click", () => {
  stop();
  verdict.replaceChildren(element("p", "Cancelled", "quiet"));
  file.value = "";
  file.focus();
});
document.getElementById("door")?.addEventListener("submit", (event) => event.preventDefault());
document.addEventListener("dragover", (event) => {
  event.preventDefault();
  document.body.classList.add("over");
});
document.addEventListener("dragleave", (event) => {
  if (event.relatedTarget === null) document.body.classList.remove("over");
});
document.addEventListener("drop", (event) => {
  event.preventDefault();
  document.body.classList.remove("over");
  const dropped = event.dataTransfer?.files[0];
  if (dropped) check(dropped);
});
