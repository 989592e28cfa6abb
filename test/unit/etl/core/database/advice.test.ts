import { findAdvice } from "../../../../../etl/core/database/advice";

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
});
