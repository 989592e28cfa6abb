import { InvalidArgumentError } from "commander";
import { isDay } from "../../etl/core/fetch/date-in-address";

/** An option's day. @throws InvalidArgumentError if it is none */
export function toDay(text: string): string {
  if (isDay(text)) return text;
  throw new InvalidArgumentError("expected a day as YYYY-MM-DD");
}
