import type { ColumnProfile } from "../profile/column-profile";

/** Why a column is text, or a note about it; undefined if text is obvious. */
export function describeText({ clues, numbers, different, filled }: ColumnProfile): string | undefined {
  if (numbers.areAll && numbers.textLike !== undefined)
    return `digits with ${numbers.textLike}, which a number would lose: text`;
  if (numbers.areAll) return "numbers with more digits than a number type has: text";
  if (clues.areKnownDays) return "days or times in more than one form: text; ask the file's maker for one form";
  if (clues.areDays) return "days or times in a form that no format describes: text";
  if (clues.areNumbers) {
    const found = [...clues.found].map((clue) => (clue === "blanks" ? "blanks around them" : clue));
    return found.length === 0
      ? "numbers in more than one notation: text"
      : `numbers with ${found.join(", ")}: text, as a contract reads only digits`;
  }
  if (different !== undefined && filled > different * 3) {
    return different === 1 ? "one text in all rows" : `${different} different texts: oneOf would refuse any other`;
  }
  return undefined;
}
