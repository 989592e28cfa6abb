import { isOfARow } from "../../../../../etl/feeds/load/refused/of-a-row";

const [RAISE, TRIGGER] = ["exec_stmt_raise", "PL/pgSQL function note_it() line 3 at SQL statement"];

describe("an error of the database", () => {
  test.each<[string, object]>([
    ["a constraint", { code: "23514" }],
    ["one key twice", { code: "21000" }],
    ["an index that is too narrow", { code: "54000", routine: "index_form_tuple" }],
    ["a trigger's RAISE with any SQLSTATE", { code: "53400", where: TRIGGER, routine: RAISE }],
    ["a table that a trigger may not use", { code: "42501", where: TRIGGER, routine: "aclcheck_error" }],
    ["a trigger that never ends", { code: "54001", where: TRIGGER, routine: "check_stack_depth" }],
  ])("is a row's: %s", (_what, facts) => {
    expect(isOfARow(new Error("the load failed", { cause: Object.assign(new Error("x"), facts) }))).toBe(true);
  });

  test.each<[string, object]>([
    ["a serialisation failure", { code: "40001", routine: "ExecUpdate" }],
    ["one within a trigger", { code: "40001", where: TRIGGER, routine: "ExecUpdate" }],
    ["a deadlock within a trigger", { code: "40P01", where: TRIGGER, routine: "DeadLockReport" }],
    ["a full disk within a trigger", { code: "53100", where: TRIGGER, routine: "mdextend" }],
    ["a cancelled statement within a trigger", { code: "57014", where: TRIGGER, routine: "ProcessInterrupts" }],
    ["a statement that is too complex", { code: "54001", routine: "check_stack_depth" }],
    ["a missing privilege", { code: "42501", routine: "aclcheck_error" }],
    ["a lost connection", { code: "ECONNRESET" }],
  ])("is no row's: %s", (_what, facts) => {
    expect(isOfARow(new Error("the load failed", { cause: Object.assign(new Error("x"), facts) }))).toBe(false);
  });
});
