import { counted } from "../../../../etl/core/counted";
import type { ColumnProfile } from "../profile/column-profile";
import type { Exceptions } from "../profile/exceptions";
import { whyNoNumber } from "./guess-number";
import type { GuessedType, Locale } from "./guessed-type";

/** Text, with the reason if it is not obvious. */
export function guessText(profile: ColumnProfile, locale: Locale): GuessedType {
  const [kind, exceptions] = nearly(profile);
  if (exceptions === undefined) return { type: { type: "text" }, note: describeText(profile, locale) };
  const others = `${counted(exceptions.count, "value")}, the first in line ${exceptions.firstLine}`;
  const note = describeText(profile, locale) ?? "text";
  return {
    type: { type: "text" },
    note: `${kind} but for ${others}: ${note}`,
    check: `it is text for ${others}: all others are ${kind}`,
  };
}

/** What nearly all values of a column are, and those that are not. */
function nearly({ numbers, times }: ColumnProfile): readonly [kind: string, exceptions: Exceptions | undefined] {
  if (numbers.areAll || times.areAll) return ["", undefined];
  if (times.exceptions.areFew) return ["days or times", times.exceptions];
  return ["numbers", numbers.exceptions.areFew ? numbers.exceptions : undefined];
}

function describeText(profile: ColumnProfile, locale: Locale): string | undefined {
  const { clues, numbers, different, filled } = profile;
  const why = whyNoNumber(profile, locale);
  if (why !== undefined) return why;
  if (numbers.areAll) return "numbers with more digits than a number type has: text";
  if (clues.areKnownDays) return "days or times in more than one form: text; ask the file's maker for one form";
  if (clues.areDays) return "days or times in a form that no format describes: text";
  if (clues.areNumbers) {
    const found = [...clues.found].map((clue) => (clue === "blanks" ? "blanks around them" : clue));
    return found.length === 0
      ? "numbers in more than one notation: text"
      : `numbers with ${found.join(", ")}: text, as a contract reads only digits`;
  }
  if (clues.form !== undefined) return `${clues.form}: text`;
  if (different !== undefined && filled > different * 3) {
    return different === 1 ? "one text in all rows" : `${different} different texts: oneOf would refuse any other`;
  }
  return undefined;
}
