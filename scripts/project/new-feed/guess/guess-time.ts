import type { ColumnProfile } from "../profile/column-profile";
import type { TimeForm } from "../profile/times";
import type { GuessedType, Locale } from "./guessed-type";

const DAY = /(^|_)(date|day|datum|tag|fecha|jour|dt|on|at|am|from|to|von|bis|valid\w*)(_|$)/;

/** Days of eight digits. */
const DIGITS = /^[YMD]+$/;

/** With more than one possible order it is text: a wrong guess would silently put other days into the table. */
export function guessTime(name: string, profile: ColumnProfile, locale: Locale): GuessedType | undefined {
  if (!profile.times.areAll) return undefined;
  const { forms } = profile.times;
  // Eight digits are a number as well.
  if (profile.numbers.areAll && !DAY.test(name) && (profile.different ?? 20) < 3) return undefined;
  const form = chosen(forms, locale);
  if (form === undefined) {
    const either = (["day", "month"] as const).map((order) => forms.find((one) => one.order === order)?.format);
    const note = `days, either ${either.join(" or ")}: text, until you set type and format`;
    return { type: { type: "text" }, note };
  }
  const { order: _, ...type } = form;
  const what = { date: "days", timestamp: "times without a zone", timestamptz: "times with their zone" }[type.type];
  const note = type.format === undefined ? what : `${what}, written as ${type.format}`;
  if (new Set(forms.map(({ order }) => order)).size > 1) {
    const check = `whether day or month comes first is taken from ${locale.order?.by}`;
    return { type, note: `${note}; ${check}: check it`, check };
  }
  if (DIGITS.test(type.format ?? "") && !DAY.test(name)) {
    return { type, note: `${note}: check that they are no other numbers`, check: "eight digits are taken for days" };
  }
  return { type, note };
}

/** The only possible order of a column's days. */
export function orderOf({ times }: ColumnProfile): "day" | "month" | undefined {
  const orders = new Set(times.areAll ? times.forms.map(({ order }) => order) : []);
  return orders.size === 1 ? [...orders][0] : undefined;
}

function chosen(forms: readonly TimeForm[], locale: Locale): TimeForm | undefined {
  const orders = new Set(forms.map(({ order }) => order));
  if (orders.size === 1) return forms[0];
  return forms.find(({ order }) => order === (locale.order?.as ?? "none"));
}
