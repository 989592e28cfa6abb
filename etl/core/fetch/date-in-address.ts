import { SourceError, UsageError } from "../errors";
import { isUrl } from "./mask-url";

/** Stands for the day of a run, `YYYY-MM-DD`, in the address of a source. */
const DATE = "{date}";

/** What a run downloads for an address. */
export interface AddressOfRun {
  readonly url: string;
  /** Under which the body is kept: the run's where the address has one, else that of the download. */
  readonly day: string;
  /** Whether the address is that of the day. */
  readonly isOfDay: boolean;
}

export function isDay(text: string): boolean {
  // A year 0 is none for PostgreSQL.
  const time = /^(?!0000)\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  // 30 February would be one of March.
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** Whether it is an address with a place for the run's day. */
export function hasDate(address: string): boolean {
  return isUrl(address) && address.includes(DATE);
}

/** Whether each place for a day of an address is in its path or query: elsewhere the day would choose a server or a login, or not be sent. */
export function isDateInPlace(address: string): boolean {
  const days = ["2026-01-01", "2026-01-02"].map((day) => address.replaceAll(DATE, day));
  if (!days.every((text) => URL.canParse(text))) return false;
  const [one, other] = days.map((text) => new URL(text));
  return (["protocol", "host", "username", "password", "hash"] as const).every((part) => one?.[part] === other?.[part]);
}

/**
 * The addresses of a run's sources, with its day in place of `{date}`.
 *
 * @param date the run's day; default today, UTC
 * @throws UsageError if a day is asked for which no address has a place for
 * @throws SourceError if an address has it where no day may be, without a part of it
 */
export function addressesOfRun<Name extends string>(
  addresses: Readonly<Record<Name, string>>,
  date: string | undefined,
): Readonly<Record<Name, AddressOfRun>> {
  const today = new Date().toISOString().slice(0, 10);
  const entries = Object.entries<string>(addresses);
  if (date !== undefined && !entries.some(([, address]) => hasDate(address))) {
    throw new UsageError("No source is of a day", {
      got: `the day ${date}, and no address with ${DATE}`,
      fix: `Leave the day out, or write ${DATE} into the path or query of an address`,
    });
  }
  return Object.fromEntries(
    entries.map(([name, address]) => [name, addressOfRun(name, address, date ?? today, today)]),
  ) as Record<Name, AddressOfRun>;
}

function addressOfRun(name: string, address: string, day: string, today: string): AddressOfRun {
  if (!hasDate(address)) return { url: address, day: today, isOfDay: false };
  if (isDateInPlace(address)) return { url: address.replaceAll(DATE, day), day, isOfDay: true };
  throw new SourceError(`${DATE} is not where an address may have it`, {
    expected: "it in the path or the query",
    where: { source: name },
    fix: "Correct the address",
  });
}
