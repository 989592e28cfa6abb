import { InvalidArgumentError } from "commander";
import { isDay } from "../../../etl/core/fetch/date-in-address";
import type { ListedObject } from "../../../etl/core/objects/objects";

/** An object with the day that its key names, `YYYY-MM-DD`. */
export interface DatedObject extends Pick<ListedObject, "key" | "etag" | "bytes"> {
  readonly day: string;
}

/** Days that one run loads, or a part of them. */
export interface Window {
  readonly from: string;
  readonly to: string;
  readonly objects: readonly DatedObject[];
}

const DAY_MS = 86_400_000;
/** A run's input has at most 256 KiB ("Quotas related to state machine executions", Step Functions developer guide). */
const INPUT_BYTES = 200_000;

/** The first day in a key: `20260301`, `2026-03-01` or `2026/03/01`. */
export function dayOf(key: string): string | undefined {
  for (const [, year, , month, day] of key.matchAll(/(?<!\d)(\d{4})([-_/]?)(\d\d)\2(\d\d)(?!\d)/g)) {
    const text = `${year}-${month}-${day}`;
    if (isDay(text)) return text;
  }
  return undefined;
}

/** `1d` to `366d`. @throws InvalidArgumentError for others */
export function toDays(text: string): number {
  const days = Number(/^(\d{1,3})d$/.exec(text)?.[1] ?? 0);
  if (days >= 1 && days <= 366) return days;
  throw new InvalidArgumentError("expected a number of days from 1d to 366d");
}

/** The objects in the order of their days, the oldest first, in windows that each are one run. */
export function cutWindows(objects: readonly DatedObject[], from: string, days: number): readonly Window[] {
  const inOrder = [...objects].sort((a, b) => compare(a.day, b.day) || compare(a.key, b.key));
  const byWindow = new Map<number, DatedObject[]>();
  for (const object of inOrder) {
    const window = Math.floor((Date.parse(object.day) - Date.parse(from)) / DAY_MS / days);
    const known = byWindow.get(window);
    if (known === undefined) byWindow.set(window, [object]);
    else known.push(object);
  }
  return [...byWindow.values()].flatMap(splitByInput).map((some) => ({
    from: some[0]?.day ?? from,
    to: some.at(-1)?.day ?? from,
    objects: some,
  }));
}

function splitByInput(objects: readonly DatedObject[]): readonly (readonly DatedObject[])[] {
  const pieces: DatedObject[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const object of objects) {
    const more = Buffer.byteLength(JSON.stringify(object.key)) + 1;
    if (size + more > INPUT_BYTES) {
      pieces.push([]);
      size = 0;
    }
    pieces.at(-1)?.push(object);
    size += more;
  }
  return pieces;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
