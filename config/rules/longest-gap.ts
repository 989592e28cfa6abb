const HOURS_OF_DAY = 24;
const DAYS = "SUN MON TUE WED THU FRI SAT".split(" ");

/**
 * The most hours between two starts of a schedule, to the hour.
 *
 * @param expression as {@link isScheduleExpression} takes it
 * @returns undefined if the expression depends on days of the month, months or years, or starts only once
 */
export function longestGapHours(expression: string): number | undefined {
  const [, kind, inner = ""] = /^(rate|cron|at)\((.*)\)$/.exec(expression) ?? [];
  if (kind === "rate") return hoursOfRate(inner);
  if (kind !== "cron") return undefined;
  const [, hours = "", dayOfMonth = "", month, dayOfWeek = "", year] = inner.split(" ");
  if (!["*", "?"].includes(dayOfMonth) || month !== "*" || year !== "*") return undefined;
  const days = dayOfWeek === "?" ? valuesOf("*", 1, 7) : valuesOf(numbered(dayOfWeek), 1, 7);
  const starts = valuesOf(hours, 0, HOURS_OF_DAY - 1);
  if (days === undefined || starts === undefined) return undefined;
  const slots = days.flatMap((day) => starts.map((hour) => (day - 1) * HOURS_OF_DAY + hour)).sort((a, b) => a - b);
  const week = 7 * HOURS_OF_DAY;
  return Math.max(...slots.map((slot, at) => (slots[at + 1] ?? (slots[0] ?? 0) + week) - slot));
}

function hoursOfRate(rate: string): number {
  const [count = "", unit = ""] = rate.split(" ");
  const hours: Readonly<Record<string, number>> = { minute: 1 / 60, hour: 1, day: HOURS_OF_DAY };
  return Math.ceil(Number(count) * (hours[unit.replace(/s$/, "")] ?? Number.NaN));
}

function numbered(dayOfWeek: string): string {
  return DAYS.reduce((text, day, at) => text.replaceAll(day, String(at + 1)), dayOfWeek.toUpperCase());
}

/** The values that a field of values, ranges, lists and steps stands for, in order. */
function valuesOf(field: string, least: number, most: number): readonly number[] | undefined {
  const all = Array.from({ length: most - least + 1 }, (_, at) => least + at);
  const chosen = new Set<number>();
  for (const part of field.split(",")) {
    const [, range = "", step] = /^(\*|\d+(?:-\d+)?)(?:\/(\d+))?$/.exec(part) ?? [];
    if (range === "") return undefined;
    const [from = least, to = step === undefined ? from : most] =
      range === "*" ? [least, most] : range.split("-").map(Number);
    // A range may wrap around: FRI-MON.
    const inside = all.filter((value) => (from <= to ? value >= from && value <= to : value >= from || value <= to));
    for (const value of inside) if ((value - from) % Number(step ?? 1) === 0) chosen.add(value);
  }
  return chosen.size === 0 ? undefined : all.filter((value) => chosen.has(value));
}
