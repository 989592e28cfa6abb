import type { TimeColumn } from "../column";
import { encode } from "./bytes";
import type { Rewrite } from "./field-check";
import { COLON, isDigit, MINUS, PLUS, POINT, T, two, Z, ZERO } from "./quick-checks";

type Part = "year" | "month" | "day" | "hour" | "half" | "minute" | "second" | "decimals" | "meridiem" | "zone";

interface Step {
  readonly part: Part | "literal";
  /** Minimum and maximum number of digits. */
  readonly least: number;
  readonly most: number;
  /** A literal's bytes. */
  readonly bytes: Uint8Array;
}

/** The tokens of a format: other letters and digits are not allowed, all other characters are literal. */
const TOKENS: Readonly<Record<string, readonly [Part, number, number]>> = {
  YYYY: ["year", 4, 4],
  MM: ["month", 2, 2],
  M: ["month", 1, 2],
  DD: ["day", 2, 2],
  D: ["day", 1, 2],
  HH: ["hour", 2, 2],
  H: ["hour", 1, 2],
  hh: ["half", 2, 2],
  h: ["half", 1, 2],
  mm: ["minute", 2, 2],
  ss: ["second", 2, 2],
  S: ["decimals", 1, 6],
  A: ["meridiem", 0, 0],
  Z: ["zone", 0, 0],
};
/** A repeated letter or digit, or a run of other characters. */
const RUN = /([a-zA-Z0-9])\1*|[^a-zA-Z0-9]+/g;
const LITERAL = /^(T+|[^a-zA-Z0-9]+)$/;
const DATE: readonly Part[] = ["year", "month", "day"];
const TIME: readonly Part[] = ["hour", "half", "minute", "second", "decimals", "meridiem", "zone"];

/** @returns the format's fault, or its steps */
export function parseFormat(type: TimeColumn["type"], format: string): readonly Step[] | string {
  const steps: Step[] = [];
  for (const [text] of format.matchAll(RUN)) {
    const token = TOKENS[text];
    if (token === undefined && !LITERAL.test(text)) {
      return `the parts ${Object.keys(TOKENS).join(" ")}: ${text} is none of them`;
    }
    const [part, least, most] = token ?? (["literal", 0, 0] as const);
    steps.push({ part, least, most, bytes: encode(text) });
  }
  return faultOf(type, steps) ?? steps;
}

function faultOf(type: TimeColumn["type"], steps: readonly Step[]): string | undefined {
  const parts = steps.map(({ part }) => part);
  const has = (part: Part) => parts.includes(part);
  const counted = parts.filter((part) => part !== "literal");
  if (new Set(counted).size !== counted.length) return "each part once";
  if (!DATE.every(has)) return "a year (YYYY), a month (MM or M) and a day (DD or D)";
  const open = steps.find(({ least, most }, index) => least !== most && isDigits(steps[index + 1]));
  if (open !== undefined) return "a separator behind a part whose length differs";
  if (type === "date") return TIME.some(has) ? "no time: the column is a date" : undefined;
  if (has("hour") === has("half")) return "an hour: HH or H, or hh or h with A";
  if (has("half") !== has("meridiem")) return "A with hh or h, and only with them";
  if (!has("minute")) return "minutes (mm)";
  if (has("decimals") && !has("second")) return "seconds (ss) with S";
  if (type === "timestamp") return has("zone") ? "no zone: the column has none" : undefined;
  return parts.at(-1) === "zone" ? undefined : "a zone (Z) at the end: without one it is a timestamp";
}

function isDigits(step: Step | undefined): boolean {
  return step !== undefined && step.most > 0;
}

/** The parts found in a field; one object for all fields of a column. */
type Found = Record<Exclude<Part, "meridiem" | "zone" | "decimals">, number> & {
  isAfternoon: boolean;
  decimalsAt: number;
  decimalsEnd: number;
  zoneAt: number;
};

/** Rewrites a field of a column's format as ISO 8601; undefined if it has none that is valid. */
export function rewriteTime({ type, format }: TimeColumn): Rewrite | undefined {
  if (format === undefined) return undefined;
  const steps = parseFormat(type, format);
  if (typeof steps === "string") return undefined;
  const found: Found = {
    ...{ year: 0, month: 0, day: 0, hour: 0, half: -1, minute: 0, second: 0 },
    ...{ isAfternoon: false, decimalsAt: 0, decimalsEnd: 0, zoneAt: 0 },
  };
  const hasHalves = steps.some(({ part }) => part === "half");
  return (bytes, from, to, into) => {
    if (!readSteps(steps, bytes, from, to, found)) return -1;
    if (hasHalves) {
      if (found.half < 1 || found.half > 12) return -1;
      found.hour = (found.half % 12) + (found.isAfternoon ? 12 : 0);
    }
    putTwo(into, 0, Math.trunc(found.year / 100));
    putTwo(into, 2, found.year % 100);
    putPair(into, 4, MINUS, found.month);
    putPair(into, 7, MINUS, found.day);
    if (type === "date") return 10;
    putPair(into, 10, T, found.hour);
    putPair(into, 13, COLON, found.minute);
    putPair(into, 16, COLON, found.second);
    let end = 19;
    if (found.decimalsEnd > found.decimalsAt) {
      into[end] = POINT;
      end = copy(bytes, found.decimalsAt, found.decimalsEnd, into, end + 1);
    }
    return type === "timestamptz" ? copy(bytes, found.zoneAt, to, into, end) : end;
  };
}

const [SMALL_A, SMALL_P, SMALL_M, SMALL_BIT] = [97, 112, 109, 32];
/** `+01:00`: longer texts are no zone. */
const ZONE_BYTES = 6;

function readSteps(steps: readonly Step[], bytes: Uint8Array, from: number, to: number, found: Found): boolean {
  let at = from;
  for (let index = 0; index < steps.length; index += 1) {
    const step = steps[index];
    if (step === undefined) return false;
    at = readStep(step, bytes, at, to, found);
    if (at === -1 || at > to) return false;
  }
  return at === to;
}

/** @returns the end of the step, or -1 if the bytes do not match it */
function readStep(step: Step, bytes: Uint8Array, from: number, to: number, found: Found): number {
  const { part, least, most } = step;
  switch (part) {
    case "literal":
      for (let at = 0; at < step.bytes.length; at += 1) if (bytes[from + at] !== step.bytes[at]) return -1;
      return from + step.bytes.length;
    case "zone":
      found.zoneAt = from;
      return to - from > ZONE_BYTES || !isZoneBegin(bytes[from]) ? -1 : to;
    case "meridiem": {
      const letter = (bytes[from] ?? 0) | SMALL_BIT;
      if ((letter !== SMALL_A && letter !== SMALL_P) || ((bytes[from + 1] ?? 0) | SMALL_BIT) !== SMALL_M) return -1;
      found.isAfternoon = letter === SMALL_P;
      return from + 2;
    }
    case "year":
      found.year = two(bytes, from) * 100 + two(bytes, from + 2);
      return Number.isNaN(found.year) ? -1 : from + 4;
  }
  let value = 0;
  let at = from;
  for (; at < to && at < from + most && isDigit(bytes[at]); at += 1) value = value * 10 + (bytes[at] ?? 0) - ZERO;
  if (at < from + least) return -1;
  if (part === "decimals") {
    found.decimalsAt = from;
    found.decimalsEnd = at;
  } else found[part] = value;
  return at;
}

/** Further digits there would pass for more decimals. */
function isZoneBegin(byte: number | undefined): boolean {
  return byte === Z || byte === PLUS || byte === MINUS;
}

function putTwo(into: Uint8Array, at: number, value: number): void {
  into[at] = ZERO + Math.trunc(value / 10);
  into[at + 1] = ZERO + (value % 10);
}

function putPair(into: Uint8Array, at: number, mark: number, value: number): void {
  into[at] = mark;
  putTwo(into, at + 1, value);
}

function copy(bytes: Uint8Array, from: number, to: number, into: Uint8Array, at: number): number {
  for (let index = from; index < to; index += 1) into[at + index - from] = bytes[index] ?? 0;
  return at + to - from;
}
