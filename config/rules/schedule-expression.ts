/**
 * What a field of a cron expression allows ("Schedule types in EventBridge Scheduler", EventBridge Scheduler user
 * guide).
 */
interface Field {
  readonly least: number;
  readonly most: number;
  /** In place of numbers, the first for `least`. */
  readonly names?: readonly string[];
  /** Whether `/` and a step may follow. @default true */
  readonly steps?: boolean;
  /** Forms other than values, ranges, lists, steps and `*`. */
  readonly also?: RegExp;
}

const MONTHS = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split(" ");
const DAYS = "SUN MON TUE WED THU FRI SAT".split(" ");

const FIELDS: readonly Field[] = [
  { least: 0, most: 59 },
  { least: 0, most: 23 },
  { least: 1, most: 31, also: /^(\?|L|LW|([1-9]|[12]\d|3[01])W)$/ },
  { least: 1, most: 12, names: MONTHS },
  { least: 1, most: 7, names: DAYS, steps: false, also: /^(\?|L|([1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)(L|#[1-5]))$/i },
  { least: 1970, most: 2199 },
];

/**
 * Whether EventBridge Scheduler accepts an expression: `rate(1 day)`, `cron(0 6 * * ? *)`, `at(2026-12-24T18:00:00)`.
 */
export function isScheduleExpression(text: string): boolean {
  const [, kind, inner = ""] = /^(rate|cron|at)\((.*)\)$/.exec(text) ?? [];
  if (kind === "rate") return /^(1 (minute|hour|day)|([2-9]|[1-9]\d{1,5}) (minutes|hours|days))$/.test(inner);
  if (kind === "cron") return isCron(inner.split(" "));
  return kind === "at" && isMoment(inner);
}

function isCron(fields: readonly string[]): boolean {
  const [, , dayOfMonth, , dayOfWeek] = fields;
  return (
    fields.length === FIELDS.length &&
    FIELDS.every((field, index) => isField(fields[index] ?? "", field)) &&
    // One of the two gives the day, and the other is `?`.
    (dayOfMonth === "?") !== (dayOfWeek === "?")
  );
}

function isField(text: string, field: Field): boolean {
  if (field.also?.test(text)) return true;
  return text.split(",").every((part) => {
    const [range = "", step, ...more] = part.split("/");
    if (more.length > 0 || (step !== undefined && field.steps === false)) return false;
    if (step !== undefined && !/^[1-9]\d{0,3}$/.test(step)) return false;
    if (range === "*") return true;
    const ends = range.split("-").map((end) => numberOf(end, field));
    return ends.length <= 2 && ends.every((end) => end >= field.least && end <= field.most);
  });
}

function numberOf(text: string, { least, names = [] }: Field): number {
  if (/^\d{1,4}$/.test(text)) return Number(text);
  const index = names.indexOf(text.toUpperCase());
  return index < 0 ? Number.NaN : least + index;
}

/** A real date and time, without a zone: the schedule's own zone applies. */
function isMoment(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(text)) return false;
  const moment = new Date(`${text}Z`);
  return !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(text);
}
