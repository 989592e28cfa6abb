import type { ColumnProfile } from "../profile/column-profile";

/** Why a column is text, or what there is to say of it; undefined: text is a matter of course. */
export function describeText({ clues, numbers, different, filled }: ColumnProfile): string | undefined {
  if (numbers.areAll && numbers.textLike !== undefined)
    return `digits with ${numbers.textLike}, which a number would lose: text`;
  if (numbers.areAll) return "numbers of more digits than a number has: text";
  if (clues.areKnownDays) return "days or times in more than one form: text; let whoever makes the file write one form";
  if (clues.areDays) return "days or times in a form that no format describes: text";
  if (clues.areNumbers) {
    const found = [...clues.found].map((clue) => (clue === "blanks" ? "blanks around them" : clue));
    return found.length === 0
      ? "numbers in more than one notation: text"
      : `numbers with ${found.join(", ")}: text, as a contract reads digits alone`;
  }
  if (different !== undefined && filled > different * 3) {
    return different === 1 ? "one text in all rows" : `${different} different texts: oneOf would refuse any other`;
  }
  return undefined;
}
