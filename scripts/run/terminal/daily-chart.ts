import { plot } from "asciichart";

const ROWS = 8;
const LABEL_WIDTH = 6;
/** asciichart puts a space and the axis between a label and the first segment of the line. */
const AXIS_WIDTH = 2;

/** asciichart's own, except the first: it marks a crossing with 0 on the wrong row. */
const SYMBOLS = ["┤", "┤", "╶", "╴", "─", "╰", "╭", "╮", "╯", "│"];

const LABEL = new Intl.NumberFormat("en-US", { notation: "compact", maximumSignificantDigits: 3 });

/**
 * A line chart for a terminal, one column per day, with its axis at 0. Unknown days interrupt the line.
 *
 * @returns undefined if there are not two known days
 */
export function drawDailyChart(figures: readonly (number | null)[]): string | undefined {
  const from = figures.findIndex((figure) => figure !== null);
  const days = from === -1 ? [] : figures.slice(from, figures.findLastIndex((figure) => figure !== null) + 1);
  if (days.length < 2) return undefined;
  const bridged = bridge(days);
  const chart = plot(bridged, {
    height: ROWS,
    symbols: SYMBOLS,
    min: Math.min(0, ...bridged),
    max: Math.max(0, ...bridged),
    format: (value) => LABEL.format(value).padStart(LABEL_WIDTH),
  });
  return chart
    .split("\n")
    .map((line) => interrupt(line, days).trimEnd())
    .join("\n");
}

/**
 * asciichart does not support gaps: each unknown day gets the previous figure, and {@link interrupt} erases it again.
 */
function bridge(figures: readonly (number | null)[]): number[] {
  let last = 0;
  return figures.map((figure) => {
    last = figure ?? last;
    return last;
  });
}

function interrupt(line: string, figures: readonly (number | null)[]): string {
  const start = LABEL_WIDTH + AXIS_WIDTH;
  const isKnown = (day: number) => (figures[day] ?? null) !== null;
  const segments = [...line.slice(start)].map((mark, day) => (isKnown(day) && isKnown(day + 1) ? mark : " "));
  return line.slice(0, start) + segments.join("");
}
