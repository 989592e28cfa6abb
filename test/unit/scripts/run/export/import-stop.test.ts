import { ImportStop } from "../../../../../scripts/run/export/import-stop";

describe("an import that is stopped", () => {
  test.each([
    ["tables", /^Stopped: no table was restored\. The same command goes on$/],
    ["commit", /^Stopped during the commit: all tables are restored or none\. /],
    ["done", /^Stopped when all was done: all tables are restored$/],
  ] as const)("in the phase %s says what it leaves", (phase, says) => {
    const stop = new ImportStop(false, undefined);
    stop.begins(phase);

    expect(stop.tell()).toMatch(says);
  });

  test("names the ledger's table whose items stay", () => {
    expect(new ImportStop(false, "orders-ledger").tell()).toContain("; items that are in orders-ledger stay");
  });

  test("keeps nothing if it is a rehearsal", () => {
    const stop = new ImportStop(true, undefined);
    stop.begins("commit");

    expect(stop.tell()).toBe("Stopped. It was a rehearsal: nothing was kept");
  });
});
