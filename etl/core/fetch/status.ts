import { STATUS_CODES } from "node:http";
import { SourceError } from "../errors";
import { TransientSourceError } from "./errors";
import type { HttpResponse } from "./http";

/** Request Timeout, Too Early, Too Many Requests; every 5xx is transient as well (RFC 9110, section 15; RFC 6585; RFC 8470). */
const TRANSIENT = new Set([408, 425, 429]);

const FIX: Readonly<Record<number, string>> = {
  401: "Give credentials in the address: https://user:password@host/…",
  403: "Ask the publisher for access, or check that the credentials in the address are still valid",
  410: "Find the data set's current address: it was deleted permanently",
  429: "Try again later, and less often",
};

/**
 * Why an answer other than 200 cannot be used.
 *
 * @param day that of the address, if it has one. Default: the address is the same every day
 */
export function statusError({ source, status, headers }: Omit<HttpResponse, "body">, day?: string): SourceError {
  const got = `HTTP ${status} ${STATUS_CODES[status] ?? ""}`.trim();
  if (status >= 500 || TRANSIENT.has(status)) {
    const fix = FIX[status] ?? "Try again later";
    const wait = parseRetryAfter(headers["retry-after"]);
    return new TransientSourceError(
      "The server does not provide the data at the moment",
      { got, where: { source }, fix },
      wait,
    );
  }
  return new SourceError("The server does not provide the data", {
    got,
    expected: "HTTP 200",
    where: { source },
    fix:
      status === 404
        ? adviseMissing(source, day)
        : (FIX[status] ?? "Open the address in a browser to see what the server says"),
  });
}

function adviseMissing(source: string, day: string | undefined): string {
  if (day !== undefined) return `There is no file of ${day}, or not yet; if there should be one, correct the address`;
  const moved = "Find the data set's current address: it was moved, renamed or deleted";
  return /%7B/i.test(source) ? `${moved}. In braces only {date} is replaced, by the day of the run` : moved;
}

/**
 * The wait in Retry-After, in milliseconds from `now`; 0 if it is missing or invalid (RFC 9110, section 10.2.3:
 * seconds, or a date).
 */
export function parseRetryAfter(value: string | undefined, now = Date.now()): number {
  const text = value?.trim() ?? "";
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? 0 : Math.max(0, date - now);
}
