import { MillraceError } from "../errors";

/** Limits of a statement's result: Lambda returns at most 6 MB, and people read less. */
export const LIMITS = { rows: 10_000, bytes: 4_000_000 } as const;

export type Limits = Readonly<Record<keyof typeof LIMITS, number>>;

/** The result of a statement, each value in PostgreSQL's text form. */
export interface StatementResult {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
  /** The limit that cut the result; undefined if it is complete. */
  readonly cut?: keyof Limits;
}

/** PostgreSQL's own message about a failed statement. */
export interface StatementFailure {
  readonly message: string;
  /** SQLSTATE. */
  readonly code?: string;
  readonly detail?: string;
  readonly hint?: string;
  /** The character of the statement's fault; 1 is the first. */
  readonly position?: number;
}

/** The database refused a statement, or did not end it in time. */
export class StatementError extends MillraceError {
  override readonly name = "StatementError";
  readonly failure: StatementFailure;

  /** @param statement as it was sent: the message shows its wrong line */
  constructor(statement: string, failure: StatementFailure, cause?: unknown) {
    super(["The database refused the statement", ...describe(statement, failure)].join("\n"), { cause });
    this.failure = failure;
  }
}

/** Takes rows up to the limits. */
export class LimitedRows {
  readonly rows: (readonly (string | null)[])[] = [];
  readonly #limits: Limits;
  #bytes = 0;
  #cut: keyof Limits | undefined;

  constructor(limits: Limits = LIMITS) {
    this.#limits = limits;
  }

  /** @returns false if it did not fit: then no further one will */
  add(row: readonly (string | null)[]): boolean {
    if (this.#cut !== undefined) return false;
    const bytes = Buffer.byteLength(JSON.stringify(row)) + 1;
    if (this.rows.length === this.#limits.rows) this.#cut = "rows";
    else if (this.#bytes + bytes > this.#limits.bytes) this.#cut = "bytes";
    if (this.#cut !== undefined) return false;
    this.#bytes += bytes;
    this.rows.push(row);
    return true;
  }

  /** Reports which limit was exceeded. */
  end(cut: keyof Limits): void {
    this.#cut ??= cut;
  }

  result(columns: readonly string[]): StatementResult {
    return { columns, rows: this.rows, ...(this.#cut !== undefined && { cut: this.#cut }) };
  }
}

/** An engine's error, in PostgreSQL's words. */
export function failureOf(error: unknown): StatementFailure {
  const said =
    error instanceof Error ? (error as Error & Partial<Record<string, unknown>>) : { message: String(error) };
  const text = (name: string) => {
    const value: unknown = Reflect.get(said, name);
    return typeof value === "string" && value !== "" ? { [name]: value } : {};
  };
  const position = Number(Reflect.get(said, "position"));
  return {
    message: said.message === "" ? "no reason was given" : said.message,
    ...text("code"),
    ...text("detail"),
    ...text("hint"),
    ...(position > 0 && { position }),
  };
}

function describe(statement: string, { message, code, detail, hint, position }: StatementFailure): readonly string[] {
  return [
    `${message}${code === undefined ? "" : ` (${code})`}`,
    ...(position === undefined ? [] : pointAt(statement, position)),
    ...(detail === undefined ? [] : [`detail: ${detail}`]),
    ...(hint === undefined ? [] : [`hint: ${hint}`]),
  ];
}

/** The line of a statement, and a mark below the place. PostgreSQL counts characters, JavaScript UTF-16 units. */
function pointAt(statement: string, position: number): readonly string[] {
  const before = [...statement].slice(0, position - 1).join("");
  const line = before.split("\n").length;
  const label = `LINE ${line}: `;
  const column = [...(before.split("\n").at(-1) ?? "")].length;
  return [`${label}${statement.split("\n")[line - 1] ?? ""}`, `${" ".repeat(label.length + column)}^`];
}
