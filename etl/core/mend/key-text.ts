import { headersOf } from "../contract/column";
import type { CsvContract } from "../contract/contract";
import type { RowToMend } from "./find-rejected";

/** The texts of a corrected row's key: two rows with the same ones are one row of the table. */
export function keyText(
  { corrected: { values } }: RowToMend,
  { columns, key }: CsvContract & { key: readonly string[] },
) {
  const texts = key.map((name) => {
    const column = columns[name];
    const header = column === undefined ? undefined : headersOf(name, column).find((known) => values.has(known));
    return header === undefined ? "" : (values.get(header) ?? "").trim();
  });
  return JSON.stringify(texts);
}
