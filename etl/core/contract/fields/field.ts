import type { Column, ColumnType } from "../column";
import { encode, isOneOf } from "./bytes";
import { checkDouble, checkNumeric } from "./decimal-field";
import type { FieldCheck, Rewrite } from "./field-check";
import { isJson } from "./json-field";
import { rewriteNumber } from "./number-format";
import { checkWhole, isDate, isTimestamp, isTimestamptz } from "./quick-checks";
import { checkText, isBoolean, isUuid } from "./text-field";
import { rewriteTime } from "./time-format";
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
  const { rewrite, check } = compileType(column);
  return {
    isNullable: column.nullable === true,
    isNullText: words.length === 0 ? undefined : (bytes, from, to) => isOneOf(words, bytes, from, to),
    rewrite,
    check,
  };
}

const PLAIN = {
  ...{ boolean: isBoolean, uuid: isUuid, json: isJson },
  ...{ date: isDate, timestamp: isTimestamp, timestamptz: isTimestamptz },
};

function compileType(column: ColumnType): { readonly rewrite?: Rewrite; readonly check: FieldCheck } {
  switch (column.type) {
    case "text":
      return { check: checkText(column) };
    case "integer":
    case "bigint": {
      const { least, most } = wholeLimits(column);
      return { rewrite: rewriteNumber(column), check: checkWhole(least, most) };
    }
    case "numeric":
      return { rewrite: rewriteNumber(column), check: checkNumeric(column) };
    case "double":
      return { rewrite: rewriteNumber(column), check: checkDouble(column) };
    case "date":
    case "timestamp":
    case "timestamptz":
      return { rewrite: rewriteTime(column), check: PLAIN[column.type] };
    default:
      return { check: PLAIN[column.type] };
  }
}
