/** RDS's limits for windows, in minutes (CreateDBInstance, RDS API reference). */
const SHORTEST = 30;
const DAY = 24 * 60;
const WEEK = 7 * DAY;
const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/** Minutes of the week, Monday first. */
interface Span {
  readonly start: number;
  readonly minutes: number;
}

const TIME = "([01]\\d|2[0-3]):[0-5]\\d";
const MOMENT = `(${DAYS.join("|")}):${TIME}`;

/** `hh:mm-hh:mm`, half an hour at least; it may go past midnight. */
export function isBackupWindow(text: string): boolean {
  return new RegExp(`^${TIME}-${TIME}$`).test(text) && spanOf(text, DAY).minutes >= SHORTEST;
}

/** `ddd:hh:mm-ddd:hh:mm`, half an hour at least and less than a day; it may go past Sunday's midnight. */
export function isMaintenanceWindow(text: string): boolean {
  if (!new RegExp(`^${MOMENT}-${MOMENT}$`).test(text)) return false;
  const { minutes } = spanOf(text, WEEK);
  return minutes >= SHORTEST && minutes < DAY;
}

/** Whether the daily backups would fall into the maintenance window. Windows that touch do not overlap. */
export function windowsOverlap(backup: string, maintenance: string): boolean {
  const weekly = spanOf(maintenance, WEEK);
  const daily = spanOf(backup, DAY);
  return DAYS.some((_, day) => overlap({ ...daily, start: daily.start + day * DAY }, weekly));
}

function overlap(a: Span, b: Span): boolean {
  const after = (from: number, to: number) => (to - from + WEEK) % WEEK;
  return after(a.start, b.start) < a.minutes || after(b.start, a.start) < b.minutes;
}

function spanOf(text: string, period: number): Span {
  const [start = 0, end = 0] = text.split("-").map(minuteOf);
  return { start, minutes: (end - start + period) % period };
}

function minuteOf(text: string): number {
  const [minute = 0, hour = 0, day = "mon"] = text.split(":").reverse();
  return DAYS.indexOf(String(day)) * DAY + Number(hour) * 60 + Number(minute);
}
