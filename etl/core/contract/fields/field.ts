import type { Column, ColumnType } from "../column";
import { encode, isOneOf } from "./bytes";
import { checkDouble, checkNumeric } from "./decimal-field";
import type { FieldCheck, Rewrite } from "./field-check";
import { isJson } from "./json-field";
import { rewriteNumber } from "./number-format";
import { checkWhole, isDate, isTimestamp, isTimestamptz } from "./quick-checks";
import { checkText, isBoolean, isUuid } from "./text-field";
import { parseFormat, rewriteTime } from "./time-format";
import { wholeLimits } from "./whole-field";

/** How the fields of a column are read. Undefined parts are not in its contract, and cost nothing. */
export interface Field {
  /** Whether an empty field is NULL. */
  readonly isNullable: boolean;
  /** Whether the field is a text that means NULL, too. Undefined: there is none. */
  readonly isNullText: FieldCheck | undefined;
  /** Runs before the check, which then sees the rewritten bytes. Undefined: the bytes are used unchanged. */
  readonly rewrite: Rewrite | undefined;
  readonly check: FieldCheck;
}

export function compileField(column: Column): Field {
  const words = [column.nullText ?? []].flat().map(encode);
  return {
    isNullable: column.nullable === true,
    isNullText: words.length === 0 ? undefined : (bytes, from, to) => isOneOf(words, bytes, from, to),
    rewrite: compileRewrite(column),
    check: compileCheck(column),
  };
}

function compileRewrite(column: ColumnType): Rewrite | undefined {
  switch (column.type) {
    case "integer":
    case "bigint":
    case "numeric":
    case "double":
      return rewriteNumber(column);
    case "date":
    case "timestamp":
    case "timestamptz": {
      const steps = column.format === undefined ? undefined : parseFormat(column.type, column.format);
      return typeof steps === "object" ? rewriteTime(column.type, steps) : undefined;
    }
    default:
      return undefined;
  }
}

function compileCheck(column: ColumnType): FieldCheck {
  switch (column.type) {
    case "text":
      return checkText(column);
    case "integer":
    case "bigint": {
      const { least, most } = wholeLimits(column);
      return checkWhole(least, most);
    }
    case "numeric":
      return checkNumeric(column);
    case "double":
      return checkDouble(column);
    case "boolean":
      return isBoolean;
    case "date":
      return isDate;
    case "timestamp":
      return isTimestamp;
    case "timestamptz":
      return isTimestamptz;
    case "uuid":
      return isUuid;
    case "json":
      return isJson;
  }
}
