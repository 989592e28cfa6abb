import { findErrorCode, findFunction, findRoutine } from "../../../core/database/database";

/**
 * Data that a type or a domain refuses, integrity constraints, RAISE in a trigger, two rows that a trigger gives one key,
 * and rows or index entries that are too large (PostgreSQL manual, appendix A).
 */
const OF_A_ROW = /^(?:2[123]|P0|54000)/;
/**
 * Not a fault of what a trigger does, though it may happen there: lost connections, transactions to be tried again, a full disk, locks,
 * cancelled statements, failures of the server.
 */
const OF_THE_SERVER = /^(?:08|40|53|55P03|57|58|XX)/;

/** Whether the table refuses a row with this error: without that row, the others can be written. */
export function isOfARow(error: unknown): boolean {
  const code = findErrorCode(error) ?? "";
  if (OF_A_ROW.test(code) || isRaised(error)) return true;
  return findFunction(error) !== undefined && !OF_THE_SERVER.test(code);
}

/** Whether a RAISE of a trigger says so, whose SQLSTATE may be any. */
export function isRaised(error: unknown): boolean {
  return findRoutine(error) === "exec_stmt_raise";
}
