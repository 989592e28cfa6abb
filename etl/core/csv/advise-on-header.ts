import { headersOf } from "../contract/column";
import type { CsvContract } from "../contract/contract";
import { adviseOnEncoding, adviseOnFormat, adviseOnText, isUtf16 } from "./unpack/packing";

const DELIMITERS = [",", ";", "\t", "|"];

/**
 * What to do about a header that lacks a column of the contract, judged by its text; the advice quotes none of it.
 *
 * @param isContractFixed whether the contract cannot be changed
 */
export function adviseOnHeader(
  names: readonly string[],
  contract: CsvContract,
  isContractFixed = false,
): string | undefined {
  const header = names.join(",");
  if (/^<(!doctype|html|\?xml)/i.test(header)) return "This is a web page, not a CSV: check the address";
  if (/^[[{]/.test(header)) return "This seems to be JSON: convert it to CSV";
  const bytes = Buffer.from(header);
  const format = adviseOnFormat(bytes);
  if (format !== undefined) return format;
  if (isUtf16(bytes)) return isContractFixed ? adviseOnText(bytes) : adviseOnEncoding(bytes);
  if (/^sep=.?$/i.test(names[0] ?? "")) return "The first line is Excel's sep= line: remove it";
  if (header.includes("\r")) return "The lines of this file end in CR only: convert its line ends to LF";
  const wanted = Object.entries(contract.columns).flatMap(([name, column]) => headersOf(name, column));
  return (
    adviseOnDelimiter(names, wanted, isContractFixed) ??
    adviseOnCase(names, wanted) ??
    adviseOnNone(names, contract, wanted, isContractFixed)
  );
}

function adviseOnDelimiter(
  [only = "", ...others]: readonly string[],
  wanted: readonly string[],
  isContractFixed: boolean,
): string | undefined {
  if (others.length > 0) return undefined;
  const found = DELIMITERS.find((delimiter) => {
    const fields = only.split(delimiter).map((field) => field.trim());
    return fields.length > 1 && fields.some((field) => wanted.includes(field));
  });
  if (found === undefined) return undefined;
  const convert = `The delimiter of this file is ${JSON.stringify(found)}: convert it`;
  return isContractFixed
    ? `${convert} to a comma`
    : `${convert}, or set delimiter: ${JSON.stringify(found)} in the contract`;
}

function adviseOnCase(names: readonly string[], wanted: readonly string[]): string | undefined {
  const lower = new Set(names.map((name) => name.toLowerCase()));
  const alike = wanted.find((name) => !names.includes(name) && lower.has(name.toLowerCase()));
  return alike === undefined ? undefined : `The header has ${alike} in another case: use the same for both`;
}

function adviseOnNone(
  names: readonly string[],
  { columns }: CsvContract,
  wanted: readonly string[],
  isContractFixed: boolean,
): string | undefined {
  if (names.length !== Object.keys(columns).length || names.some((name) => wanted.includes(name))) return undefined;
  const add = "None of these is a column's name: if the file has no header, add one";
  return isContractFixed ? add : `${add}, or set header: false in the contract`;
}
