import type { ColumnType } from "../../../../etl/core/contract/column";

/** A type, and why. */
export interface GuessedType {
  readonly type: ColumnType;
  /** Undefined: no note. */
  readonly note: string | undefined;
  /** What a person should check before the contract is used: it may be wrong without any row being rejected. */
  readonly check?: string;
}

/** A notation, and the column that shows it; undefined: the delimiter does. */
export interface Shown<Notation> {
  readonly as: Notation;
  readonly by: string | undefined;
}

/** The file's notation of numbers and days, as far as its columns show it. */
export interface Locale {
  readonly decimal?: Shown<"." | ",">;
  readonly order?: Shown<"day" | "month">;
}
