import type { Column, ColumnType } from "../../../../etl/core/contract/column";
import type { ColumnProfile } from "../profile/column-profile";
import { isNeverText } from "../profile/null-words";
import { isPersonalName } from "../profile/personal-data";
import { guessNumber } from "./guess-number";
import { guessText } from "./guess-text";
import { guessTime } from "./guess-time";
import type { GuessedType, Locale } from "./guessed-type";

/** The guess for a column, and its reasons. */
export interface Guess {
  readonly column: Column;
  /** For the comment beside it: they contain no value of the file. */
  readonly notes: readonly string[];
  /** What a person should check first. */
  readonly check: string | undefined;
}

/** Words that mean true and false, in pairs. */
const PAIRS = [
  ["true", "false"],
  ["yes", "no"],
  ["t", "f"],
  ["y", "n"],
];
const FLAG = /^(is|has|was|can|ist|hat)_|_(flag|yn)$|^(flag|active|enabled|deleted)$/;

/** @param name of the column in the table; in lower case, with underscores */
export function guessColumn(name: string, profile: ColumnProfile, locale: Locale): Guess {
  const { type, note, check }: GuessedType =
    profile.filled === 0
      ? { type: { type: "text" }, note: "no value in the file: check its type" }
      : guessType(name, profile, locale);
  const words = [...profile.nullTexts.keys()];
  const nullTexts = type.type === "text" && profile.filled > 0 ? words.filter(isNeverText) : words;
  const others = words.filter((word) => !nullTexts.includes(word));
  const isNullable = profile.empty > 0 || nullTexts.length > 0 || profile.filled === 0;
  const personal = personalNote(name, profile, type);
  const column = {
    ...type,
    ...(isNullable && { nullable: true }),
    ...(nullTexts.length > 0 && { nullText: nullTexts.length === 1 ? nullTexts[0] : nullTexts }),
    ...(personal !== undefined && { sensitive: true }),
  } as Column;
  return {
    column,
    check,
    notes: [
      ...(note === undefined ? [] : [note]),
      ...(nullTexts.length > 0 ? [`${nullTexts.map((text) => JSON.stringify(text)).join(", ")} read as NULL`] : []),
      ...(others.length > 0
        ? [
            `${others.map((text) => JSON.stringify(text)).join(", ")} appears in some rows: add it to nullText if it means a missing value`,
          ]
        : []),
      ...(personal === undefined ? [] : [personal]),
    ],
  };
}

function guessType(name: string, profile: ColumnProfile, locale: Locale): GuessedType {
  return (
    guessBoolean(name, profile) ??
    guessTime(name, profile, locale) ??
    guessNumber(name, profile, locale) ??
    (profile.areUuids ? { type: { type: "uuid" }, note: "UUIDs" } : undefined) ??
    (profile.areJson ? { type: { type: "json" }, note: "JSON" } : undefined) ??
    guessText(profile, locale)
  );
}

function guessBoolean(name: string, { areBooleans, booleans }: ColumnProfile): GuessedType | undefined {
  if (!areBooleans) return undefined;
  const found = [...booleans];
  const pair = [...PAIRS, ...(FLAG.test(name) ? [["1", "0"]] : [])].find((words) =>
    found.every((word) => words.includes(word)),
  );
  if (pair === undefined) return undefined;
  // A single word may be a letter, or Norway.
  if (found.length === 1 && !["true", "false"].includes(found[0] ?? "") && !FLAG.test(name)) return undefined;
  return { type: { type: "boolean" }, note: "words for true and false" };
}

function personalNote(name: string, profile: ColumnProfile, { type }: ColumnType): string | undefined {
  const { kind } = profile.personal;
  if (type === "text" && kind !== undefined) return `seems to hold ${kind}: values stay out of messages and logs`;
  return isPersonalName(name) ? "seems to belong to a person: values stay out of messages and logs" : undefined;
}
