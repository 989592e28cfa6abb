import type { Column } from "../contract/column";
import type { CsvContract } from "../contract/contract";
import type { RecordOf } from "../contract/types";
import { type Row, readWhole } from "./rows/row";
import { explainField, isNull, type SourceColumn, type SourceColumns } from "./source-columns";

/** Makes a value from bytes that are valid in its column. */
type Decode = (bytes: Buffer, start: number, end: number) => unknown;

const ascii: Decode = (bytes, start, end) => bytes.toString("latin1", start, end);
const text: Decode = (bytes, start, end) => bytes.toString("utf8", start, end);

/** Makes records from valid rows. */
export class RecordDecoder<Contract extends CsvContract> {
  readonly #columns: SourceColumns<Contract>;
  readonly #fields: readonly (SourceColumn & { readonly decode: Decode })[];
  /** Columns whose numbers may exceed JavaScript's. */
  readonly #wide: readonly SourceColumn[];

  constructor(columns: SourceColumns<Contract>) {
    this.#columns = columns;
    this.#fields = columns.all.map((field) => ({ ...field, decode: decodeOf(field.column) }));
    this.#wide = columns.all.filter(({ column }) => column.type === "bigint" && !isWithinSafe(column));
  }

  /** Why a valid row cannot become a record. */
  explain(row: Row): string | undefined {
    for (const column of this.#wide) {
      const value = this.#decode({ ...column, decode: readWhole }, row);
      if (value !== null && !Number.isSafeInteger(value)) {
        return explainField(column, row, "a whole number of at most 9007199254740991");
      }
    }
    return undefined;
  }

  decode(row: Row): RecordOf<Contract> {
    const record: Record<string, unknown> = {};
    for (const field of this.#fields) record[field.name] = this.#decode(field, row);
    return record as RecordOf<Contract>;
  }

  #decode(field: SourceColumn & { readonly decode: Decode }, { bytes, starts, ends }: Row): unknown {
    const [start = 0, end = 0] = [starts[field.at], ends[field.at]];
    if (isNull(field, bytes, start, end)) return null;
    if (field.rewrite === undefined) return field.decode(bytes, start, end);
    return field.decode(this.#columns.rewritten, 0, this.#columns.rewrite(field, bytes, start, end));
  }
}

function isWithinSafe({ min = -(2n ** 63n), max = 2n ** 63n }: { min?: unknown; max?: unknown }): boolean {
  return Number.isSafeInteger(Number(min)) && Number.isSafeInteger(Number(max));
}

function decodeOf({ type }: Column): Decode {
  switch (type) {
    case "text":
      return text;
    case "integer":
    case "bigint":
      return readWhole;
    case "double":
      return (bytes, start, end) => Number(ascii(bytes, start, end));
    case "boolean":
      return (bytes, start, end) => /^(t|y|1)/i.test(String(ascii(bytes, start, end)));
    case "timestamptz":
      return (bytes, start, end) => parseMoment(String(ascii(bytes, start, end)));
    case "json":
      return (bytes, start, end) => JSON.parse(String(text(bytes, start, end)));
    case "numeric":
    case "date":
    case "timestamp":
    case "uuid":
      return ascii;
  }
}

/** JavaScript needs a `T`, and the zone's minutes. */
function parseMoment(text: string): Date {
  return new Date(
    text
      .replace(" ", "T")
      .replace(/([+-]\d\d)$/, "$1:00")
      .replace(/([+-]\d\d)(\d\d)$/, "$1:$2"),
  );
}
