// The report's charts: bars with their mean for each day's change, a line for the sum so far.
// Inlined into the page after uPlot; "series" is the JSON that the page carries.

/**
 * @typedef {"perDay" | "cumulative"} Mode
 * @typedef {(number | null)[]} Figures
 * @typedef {{ title: string, cumulative: Figures, perDay: Figures, mean: Figures }} Value
 * @typedef {{ min: number, max: number }} Span
 */

const DAY = 86_400;
/** Seconds between two dates of the axis: nothing here is finer than a day. */
const WHOLE_DAYS = [1, 2, 3, 4, 5, 7, 10, 15, 30, 60, 90, 120, 180, 365, 730, 1825, 3650].map((days) => days * DAY);
const whole = new Intl.NumberFormat("en-US");
const signed = new Intl.NumberFormat("en-US", { signDisplay: "exceptZero" });
// By the distance of two ticks in seconds: its label, and its addition when the year changes. See uPlot's Axis.values.
const TIME_LABELS = [
  [DAY * 365, "{YYYY}", null, null, null, null, null, null, 1],
  [DAY * 28, "{MMM}", "\n{YYYY}", null, null, null, null, null, 1],
  [DAY, "{D} {MMM}", "\n{YYYY}", null, null, null, null, null, 1],
];
const short = new Intl.NumberFormat("en-US", { notation: "compact", maximumSignificantDigits: 3 });

/** @type {{ days: string[], values: Value[] }} */
const { days, values } = JSON.parse(document.getElementById("series")?.textContent ?? "");
const times = days.map((day) => Date.parse(`${day}T00:00:00Z`) / 1000);
const first = times[0] ?? 0;
const last = times[times.length - 1] ?? 0;
// Half a day more on either side, so that the outer bars are whole.
/** @type {[number, number]} */
const EVERYTHING = [first - DAY / 2, last + DAY / 2];

/** @type {Mode} */
let mode = "perDay";
/** The zoomed span; null is everything. @type {Span | null} */
let zoomed = null;
/** @type {uPlot[]} */
let plots = [];
let drawing = false;

/** @param {number} index */
function placeOf(index) {
  return /** @type {HTMLElement} */ (document.getElementById(`plot-${index}`));
}

/**
 * @param {Value} value
 * @param {number} index
 * @param {number | null} point
 */
function tell(value, index, point) {
  const readout = document.getElementById(`readout-${index}`);
  if (readout)
    readout.textContent = describeDay(days[point ?? days.length - 1] ?? "", value, mode, point ?? days.length - 1);
}

function draw() {
  drawing = true;
  for (const plot of plots) plot.destroy();
  plots = values.map((value, index) => {
    tell(value, index, null);
    return drawPlot(placeOf(index), times, value, mode, {
      onZoom: rememberZoom,
      onPoint: (point) => tell(value, index, point),
    });
  });
  drawing = false;
  if (zoomed) zoomTo(zoomed);
}

/** @param {Span} range */
function rememberZoom(range) {
  if (drawing) return;
  zoomed = range.min <= first && range.max >= last ? null : range;
  if (!zoomed) pressRange("all");
  else if (Math.round((zoomed.max - zoomed.min) / DAY) !== Number(pressed())) pressRange("");
}

/** @param {Span} range */
function zoomTo(range) {
  for (const plot of plots) plot.setScale("x", range);
}

/** @param {string} name */
function pressRange(name) {
  for (const button of rangeButtons) button.setAttribute("aria-pressed", String(button.dataset.days === name));
}

function pressed() {
  return rangeButtons.find((button) => button.getAttribute("aria-pressed") === "true")?.dataset.days;
}

const rangeButtons = [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-days]"))];
for (const button of rangeButtons) {
  const { days: name = "all" } = button.dataset;
  button.addEventListener("click", () => {
    pressRange(name);
    zoomTo(
      name === "all"
        ? { min: first, max: last }
        : { min: Math.max(first, last - (Number(name) - 1) * DAY) - DAY / 2, max: last + DAY / 2 },
    );
  });
}
for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll("[name=mode]"))) {
  input.addEventListener("change", () => {
    mode = input.value === "cumulative" ? "cumulative" : "perDay";
    draw();
  });
  // A browser that keeps form state over a reload must not show a choice that the charts do not have.
  input.checked = input.value === mode;
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
new ResizeObserver(() => {
  plots.forEach((plot, index) => {
    const { clientWidth: width, clientHeight: height } = placeOf(index);
    if (width !== plot.width) plot.setSize({ width, height });
  });
}).observe(placeOf(0));
draw();

/**
 * One chart in its place: bars and their mean for a day's change, a line for the sum so far.
 *
 * @param {HTMLElement} place
 * @param {number[]} times seconds since 1970, UTC, one per day
 * @param {Value} value
 * @param {Mode} mode
 * @param {{ onZoom: (range: Span) => void, onPoint: (index: number | null) => void }} listeners
 */
function drawPlot(place, times, value, mode, { onZoom, onPoint }) {
  const style = getComputedStyle(place);
  const [series, text, line] = ["--series", "--quiet", "--line"].map((name) => style.getPropertyValue(name));
  const axis = { stroke: text, font: "12px system-ui, sans-serif", ticks: { show: false } };
  const grid = { stroke: line, width: 1 };
  /** @type {uPlot.Series} */
  const curve = { stroke: series, width: 2, points: { show: true, size: 4, fill: series, filter: isolated } };
  /** @type {uPlot.Series} */
  const bars = {
    fill: `color-mix(in srgb, ${series} 45%, transparent)`,
    width: 0,
    points: { show: false },
    paths: uPlot.paths.bars?.({ size: [0.85, 28] }),
  };
  const perDay = mode === "perDay";
  return new uPlot(
    {
      width: place.clientWidth,
      height: place.clientHeight,
      legend: { show: false },
      padding: [8, 14, 0, 0],
      pxAlign: 0,
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC"),
      cursor: { y: false, points: { show: !perDay, size: 8 }, sync: { key: "days" } },
      scales: {
        x: { range: (_, min, max) => (min <= first && max >= last ? EVERYTHING : [min, max]) },
        y: { range: (_, min, max) => uPlot.rangeNum(Math.min(0, min ?? 0), Math.max(0, max ?? 0) || 1, 0.08, true) },
      },
      axes: [
        { ...axis, grid: { show: false }, size: 40, space: 56, incrs: WHOLE_DAYS, values: TIME_LABELS },
        { ...axis, grid, size: 56, space: 36, values: (_, ticks) => ticks.map((tick) => short.format(tick)) },
      ],
      series: perDay ? [{}, bars, { ...curve, points: { show: false } }] : [{}, curve],
      hooks: {
        setScale: [(plot, key) => key === "x" && onZoom(visible(plot))],
        setCursor: [({ cursor }) => onPoint(cursor.idx ?? null)],
      },
    },
    perDay ? [times, value.perDay, value.mean] : [times, value.cumulative],
    place,
  );
}

/**
 * @param {uPlot} plot
 * @returns {Span}
 */
function visible({ scales: { x } }) {
  return { min: x?.min ?? 0, max: x?.max ?? 0 };
}

/**
 * Points without a neighbour: no line would show them.
 *
 * @param {uPlot} plot
 * @param {number} index
 */
function isolated(plot, index) {
  const figures = plot.data[index] ?? [];
  return [...figures.keys()].filter((at) => {
    return figures[at] != null && figures[at - 1] == null && figures[at + 1] == null;
  });
}

/**
 * A chart's text for one day.
 *
 * @param {string} day
 * @param {Value} value
 * @param {Mode} mode
 * @param {number} index
 */
function describeDay(day, value, mode, index) {
  const figure = value[mode][index] ?? null;
  if (figure === null) return `${day}: unknown`;
  if (mode === "cumulative") return `${day}: ${whole.format(figure)}`;
  const mean = value.mean[index] ?? null;
  const change = signed.format(figure).replace("-", "\u2212");
  return `${day}: ${change}${mean === null ? "" : ` (7-day mean ${whole.format(mean).replace("-", "\u2212")})`}`;
}
