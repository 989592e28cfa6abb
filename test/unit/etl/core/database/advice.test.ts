import { asksAgain, findAdvice, isLostConnection, passesByItself } from "../../../../../etl/core/database/advice";

/** What a server says whose lc_messages is German: this machine's has no such locale. */
function german(routine: string, message: string): Error {
  return Object.assign(new Error(message), { code: "42501", routine });
}

describe("advice about the database", () => {
  test.each([
    ["ExecWithCheckOptions", "neue Zeile verletzt Policy für Sicherheit auf Zeilenebene für Tabelle »t«"],
    ["check_enable_rls", "Anfrage würde von Policy für Sicherheit auf Zeilenebene für Tabelle »t« betroffen sein"],
  ])("tells row-level security from a missing privilege in whatever language, as of %s", (routine, message) => {
    const advice = findAdvice(new Error("the load failed", { cause: german(routine, message) }));

    expect(advice?.fix).toMatch(/BYPASSRLS/);
  });

  test("tells files of the server that are missing or cannot be read", () => {
    const missing = Object.assign(new Error('could not open file "base/1/16434"'), { code: "58P01" });

    expect(findAdvice(missing)?.fix).toMatch(/its disk/);
  });

  test("tells a missing privilege as that", () => {
    const advice = findAdvice(german("aclcheck_error", "keine Berechtigung für Tabelle t"));

    expect(advice?.fix).toMatch(/^Grant the privilege/);
  });

  test("tells what a trigger's function lacks from what millrace lacks", () => {
    const where = 'SQL statement "insert into nolog"\nPL/pgSQL-Funktion note_it() Zeile 2 bei SQL-Anweisung';
    const of = (facts: object) => findAdvice(Object.assign(new Error("the load failed"), { code: "42P01", ...facts }));

    expect(of({ where })?.headline).toMatch(/trigger or function of the database failed/);
    expect(of({})?.headline).toMatch(/a table that millrace uses/);
    expect(of({ where: 'SQL statement "PL/pgSQL x"' })?.headline).toMatch(/a table that millrace uses/);
  });

  test.each([
    ["40001 40P01 57P03", { again: true, passes: true, ends: false }],
    ["57P01 57P02", { again: true, passes: true, ends: true }],
    ["08006 08P01 ECONNRESET ECONNABORTED EPIPE ETIMEDOUT EHOSTUNREACH", { again: false, passes: true, ends: true }],
    ["28P01 53300 55P03 ECONNREFUSED EAI_AGAIN", { again: false, passes: true, ends: false }],
    ["25P03 57P05 ETIME", { again: false, passes: false, ends: true }],
    [
      "28000 3D000 42501 42P01 53100 57014 22001 23505 58P01 ENOTFOUND XX000",
      { again: false, passes: false, ends: false },
    ],
  ])("%s: tried again at once, tried again later, the session's end", (codes, expected) => {
    for (const code of codes.split(" ")) {
      const error = new Error("the run failed", { cause: Object.assign(new Error("driver"), { code }) });

      const found = { again: asksAgain(error), passes: passesByItself(error), ends: isLostConnection(error) };

      expect({ code, ...found }).toEqual({ code, ...expected });
    }
  });
});
