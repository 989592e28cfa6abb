/** The place of a failure: the source's address, its line (1 is the first) or byte (0 is), and its column. */
export interface Place {
  readonly source?: string;
  /** The source's name in the pipeline, for example `cases`. */
  readonly role?: string;
  readonly line?: number;
  readonly offset?: number;
  readonly column?: string;
}

/** The details of an error, in addition to its headline. */
export interface ErrorDetails {
  readonly got?: string;
  readonly expected?: string;
  readonly where?: Place;
  readonly fix?: string;
  readonly cause?: unknown;
}

/**
 * An error that the user can act on. Its message consists of the headline, what was got, what was expected, where, and
 * what to do; `cause` is the underlying error. Errors of this class are shown without a stack trace.
 *
 * Code below `scripts` and `handlers` does not know where it is read: its advice names no command line options.
 */
export class MillraceError extends Error {
  override readonly name: string = "MillraceError";
  readonly headline: string;
  readonly details: ErrorDetails;

  constructor(headline: string, details: ErrorDetails = {}) {
    super(compose(headline, details), { cause: details.cause });
    this.headline = headline;
    this.details = details;
  }
}

/** The command line or a setting is wrong; nothing was started. */
export class UsageError extends MillraceError {
  override readonly name = "UsageError";
}

/** A source could not be opened, or not read to its end. */
export class SourceError extends MillraceError {
  override readonly name = "SourceError";
}

/** A source was read, but it is not the CSV that its contract describes. */
export class CsvError extends MillraceError {
  override readonly name = "CsvError";
}

/** More rows were rejected than the run allows. */
export class RejectedLimitError extends MillraceError {
  override readonly name = "RejectedLimitError";
}

/** Objects of a run that were rejected, or could not be loaded. All others are loaded. */
export class RejectedObjectsError extends MillraceError {
  override readonly name = "RejectedObjectsError";
  /** The run's warnings, as kept in the run ledger. */
  warnings: readonly string[] = [];
}

/** Parts of a run's objects that were not loaded, since their loader died or failed. All others are loaded. */
export class ChunksMissingError extends MillraceError {
  override readonly name = "ChunksMissingError";
}

/** The database refused, the connection was lost, or it is not what the run expects. */
export class DatabaseError extends MillraceError {
  override readonly name = "DatabaseError";
}

/** The address of the database cannot be parsed: no connection was tried. */
export class DatabaseUrlError extends DatabaseError {}

function compose(headline: string, { got, expected, where, fix }: ErrorDetails): string {
  const facts = [
    got === undefined ? undefined : `got ${got}`,
    expected === undefined ? undefined : `expected ${expected}`,
  ].filter((fact) => fact !== undefined);
  const at = where === undefined ? "" : describePlace(where);
  return [
    headline,
    facts.length > 0 ? `: ${facts.join(", ")}` : "",
    at === "" ? "" : ` (${at})`,
    fix === undefined ? "" : `. ${fix}`,
  ].join("");
}

/** `us.csv, line 12, column deaths (cases)`: the parts of a place that are known. */
export function describePlace({ source, role, line, offset, column }: Place): string {
  const place = [
    source,
    line === undefined ? undefined : `line ${line}`,
    offset === undefined ? undefined : `byte ${offset}`,
    column === undefined ? undefined : `column ${column}`,
  ]
    .filter((part) => part !== undefined)
    .join(", ");
  return role === undefined || role === source ? place : `${place} (${role})`;
}

/** A text for {@link ErrorDetails.got}: the beginning of a long one. */
export function quote(text: string, longest = 60): string {
  return JSON.stringify(text.length > longest ? `${text.slice(0, longest)}…` : text);
}
