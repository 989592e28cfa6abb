/** Marks between groups of three digits. */
type Thousands = "," | "." | "'" | "_" | " " | "\u00a0" | "\u202f";

/** Options of every column. */
interface AnyColumn {
  /** Whether an empty field, or one of {@link nullText}, is NULL. Quoted or not makes no difference. Default: false. */
  readonly nullable?: boolean;
  /**
   * The column's name in the header, or the names that sources use: each source has exactly one. Default: the column's
   * own.
   */
  readonly header?: string | readonly string[];
  /** Texts that mean NULL besides the empty one, for example `n/a`; matched exactly. For a nullable column. */
  readonly nullText?: string | readonly string[];
  /**
   * Whether its values stay out of reasons, raw text, logs, messages and samples. Then no field of a broken row is
   * quoted, in any column. Default: false.
   */
  readonly sensitive?: boolean;
  /** The expected value in messages. Default: from type and limits. */
  readonly expected?: string;
}

/** Any text without U+0000, which PostgreSQL cannot keep. */
export interface TextColumn {
  readonly type: "text";
  /** The fewest characters (Unicode code points). Default: 0. */
  readonly min?: number;
  /** The most characters (Unicode code points). Default: no limit. */
  readonly max?: number;
  /** The only allowed texts. Default: all. */
  readonly oneOf?: readonly string[];
  /** A regular expression for the whole text: `^…$`, at most 200 characters, compiled with the flag `u`. Default: none. */
  readonly pattern?: string;
  /** Whether it may contain U+0000: only if it goes into no table. Default: false. */
  readonly nul?: boolean;
}

/** Whole numbers of 32 bits, and of 64. With a `min` of 0 or more, a sign is not allowed. */
export interface WholeColumn {
  readonly type: "integer" | "bigint";
  /** The minimum; as text if a JavaScript number would round it. Default: the type's. */
  readonly min?: number | string;
  readonly max?: number | string;
  /**
   * The mark between groups of three digits, if the source has one: `,` `.` `'` `_` a space, U+00A0 or U+202F. Default:
   * none.
   */
  readonly thousands?: Thousands;
}

/** An exact decimal: a figure with more than `scale` decimals is rejected, never rounded. */
export interface NumericColumn {
  readonly type: "numeric";
  /** Digits before and after the point together, 1 to 1,000. */
  readonly precision: number;
  /** Digits after the point, 0 to the precision. */
  readonly scale: number;
  /** As text if a JavaScript number would round it. Default: the limits of the digits. */
  readonly min?: number | string;
  readonly max?: number | string;
  /** Default: a point. */
  readonly decimal?: "." | ",";
  readonly thousands?: Thousands;
}

/** A floating-point number of 64 bits: digits, perhaps a point and an exponent. Neither NaN nor infinite. */
export interface DoubleColumn {
  readonly type: "double";
  readonly min?: number;
  readonly max?: number;
  /** Default: a point. */
  readonly decimal?: "." | ",";
  readonly thousands?: Thousands;
}

/** A day; a time without a zone; a time with its zone. */
export interface TimeColumn {
  readonly type: "date" | "timestamp" | "timestamptz";
  /** The source's format, for example `DD.MM.YYYY`. Default: ISO 8601, `YYYY-MM-DD` and `YYYY-MM-DDTHH:mm:ss`. */
  readonly format?: string;
}

/** `json` is PostgreSQL's jsonb. */
export interface PlainColumn {
  readonly type: "boolean" | "uuid" | "json";
}

/** The type and limits of a column's text. */
export type ColumnType = TextColumn | WholeColumn | NumericColumn | DoubleColumn | TimeColumn | PlainColumn;

/** A column of a CSV, of a table, or of both. */
export type Column = AnyColumn & ColumnType;

/** By their names in the table or the record. Without a header, their order is that of the fields. */
export type Columns = Readonly<Record<string, Column>>;

/**
 * Whether one of them is sensitive: then no text of a row may be quoted, since a broken row may have its value in any
 * place.
 */
export function areSensitive(columns: Columns): boolean {
  return Object.values(columns).some(({ sensitive }) => sensitive === true);
}

/** The names that a column may have in a header. */
export function headersOf(name: string, { header = name }: Column): readonly string[] {
  return [header].flat();
}
