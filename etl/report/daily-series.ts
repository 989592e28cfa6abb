/** A column of cumulative counts, and its title, for example `{column: "cases", title: "Cases"}`. */
export interface ValueColumn {
  readonly column: string;
  readonly title: string;
}

/** The source of a pipeline's figures for a report: a table with one row per day. */
export interface SeriesDescription {
  readonly table: string;
  /** The column of the day: a `date`, or text as `YYYY-MM-DD`. */
  readonly x: string;
  readonly values: readonly ValueColumn[];
}

/** The figures of one column, one per day; null is unknown, which is not 0. */
export interface DailyValue extends ValueColumn {
  readonly figures: readonly (number | null)[];
}

/**
 * Cumulative figures by day, oldest first. Neighbours are consecutive days, or one of them is unknown in every column:
 * if days are missing between two rows, one unknown day replaces them all, so that no line crosses the gap.
 */
export interface DailySeries {
  readonly days: readonly string[];
  readonly values: readonly DailyValue[];
}

const MILLISECONDS_A_DAY = 86_400_000;

/** Makes a series from rows sorted by day; each row's figures are in the order of `columns`. */
export function toDailySeries(
  columns: readonly ValueColumn[],
  rows: readonly { readonly day: string; readonly figures: readonly (number | null)[] }[],
): DailySeries {
  const unknown = columns.map(() => null);
  const unbroken = rows.flatMap((row, index) => {
    const previous = rows[index - 1]?.day;
    const due = previous === undefined ? row.day : nextDay(previous);
    return due === row.day ? [row] : [{ day: due, figures: unknown }, row];
  });
  return {
    days: unbroken.map(({ day }) => day),
    values: columns.map((column, index) => ({
      ...column,
      figures: unbroken.map(({ figures }) => figures[index] ?? null),
    })),
  };
}

/** The last `count` entries of a series. */
export function lastDays(series: DailySeries, count: number): DailySeries {
  return {
    days: series.days.slice(-count),
    values: series.values.map((value) => ({ ...value, figures: value.figures.slice(-count) })),
  };
}

function nextDay(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + MILLISECONDS_A_DAY).toISOString().slice(0, 10);
}
