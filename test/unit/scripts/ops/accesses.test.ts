import { readAccesses } from "../../../../scripts/ops/audit/accesses";
import { renderAccesses } from "../../../../scripts/ops/commands/audit-command";

const at = (second: number) => new Date(Date.UTC(2026, 10, 29, 6, 30, second));
const line = (second: number, entry: object) => ({
  step: "sql",
  time: at(second),
  text: JSON.stringify({ level: "INFO", ...entry }),
});
const begins = (second: number, request: string, event: unknown) =>
  line(second, { message: "step begins", function_request_id: request, event });
const done = (second: number, request: string, result: object) =>
  line(second, { message: "step done", function_request_id: request, result });
const ADA = "arn:aws:sts::111122223333:assumed-role/reader/ada";

describe("the accesses to the database", () => {
  test("each statement has its caller and its own rows, though calls overlap", () => {
    const accesses = readAccesses([
      begins(1, "a", { caller: ADA, statement: "select 1" }),
      begins(2, "b", { caller: "bob", statement: "select 2" }),
      done(3, "b", { rows: 2 }),
      done(4, "a", { rows: 10_000, cut: "rows" }),
    ]);

    expect(accesses).toEqual([
      { time: at(1), caller: ADA, statement: "select 1", rows: 10_000, request: "a" },
      { time: at(2), caller: "bob", statement: "select 2", rows: 2, request: "b" },
    ]);
  });

  test("what was refused, failed, or never ended is an access, too, with its reason", () => {
    const accesses = readAccesses([
      begins(1, "a", { caller: ADA, statement: "delete from covid_daily" }),
      done(2, "a", { failure: { message: "permission denied", code: "42501" } }),
      begins(3, "b", { caller: ADA, statement: "select 1" }),
      done(4, "b", { refused: "The database has no role" }),
      begins(5, "c", { caller: ADA, statement: "select 2" }),
      line(6, { level: "ERROR", message: "step failed", function_request_id: "c", error: { message: "no answer" } }),
      begins(7, "d", { caller: ADA, statement: "select pg_sleep(90)" }),
      { step: "sql", time: at(8), text: "Task timed out after 60.00 seconds" },
    ]);

    expect(accesses.map(({ failure }) => failure)).toEqual([
      "permission denied",
      "The database has no role",
      "no answer",
      expect.stringContaining("no end in the log"),
    ]);
  });

  test("calls of the function without a name or with any text are listed, too", () => {
    const accesses = readAccesses([begins(1, "a", { statement: "select 1" }), begins(2, "b", "nothing")]);

    expect(accesses.map(({ caller, statement }) => [caller, statement])).toEqual([
      [undefined, "select 1"],
      [undefined, undefined],
    ]);
    expect(renderAccesses(accesses)).toMatch(/not named +failed +select 1\n.*not named +failed +no statement/);
  });

  test("a statement is one line, and moves no cursor", () => {
    const statement = "select *\n  from covid_daily\twhere country = '\u001b[2J'";
    const [head, row, ...more] = renderAccesses(
      readAccesses([begins(1, "a", { caller: ADA, statement }), done(2, "a", { rows: 1234 })]),
    ).split("\n");

    expect(head).toMatch(/^time \(UTC\) +caller +rows +statement$/);
    expect(row).toBe(`2026-11-29 06:30:01  ${ADA}  1,234  select * from covid_daily where country = '\\x1b[2J'`);
    expect(more).toEqual([]);
  });
});
