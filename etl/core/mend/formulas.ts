/**
 * What a spreadsheet may take for a formula (OWASP, "CSV Injection"), full-width characters and an apostrophe too: as an apostrophe is what makes a
 * text of it, one that was there must be told from ours.
 */
const MAY_BE_FORMULA = /^[=+\-@\t\r\n＝＋－＠']/;

/** A cell that no spreadsheet takes for a formula; {@link undoDefused} gives the value as it was. */
export function defuse(value: string): string {
  return MAY_BE_FORMULA.test(value) ? `'${value}` : value;
}

/**
 * A value of a cell, whether {@link defuse} or a person wrote it: an apostrophe that makes a text of nothing belongs to the value, as in
 * `'s-Hertogenbosch`.
 */
export function undoDefused(cell: string): string {
  return cell.startsWith("'") && MAY_BE_FORMULA.test(cell.slice(1)) ? cell.slice(1) : cell;
}
