import { isDay } from "../../etl/core/fetch/date-in-address";

const TIME =
  /^(\d{4}-\d\d-\d\d)(?:[T ](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,6})?)?(Z|[+-](?:0\d|1[0-4])(?::?[0-5]\d)?)?)?$/;

/**
 * What a person means by a time: a day, perhaps with the time of day, to the second or its part, and a zone. Nothing is carried over into the next
 * minute or month, as JavaScript and PostgreSQL do.
 *
 * @returns undefined for a text that is no time
 */
export function readTime(text: string): { readonly zone: string | undefined } | undefined {
  const [, day, zone] = TIME.exec(text) ?? [];
  return day !== undefined && isDay(day) ? { zone } : undefined;
}
