import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runEtl } from "../support/processes/run-etl";

const CONTRACT = {
  name: "shop",
  table: "shop",
  columns: { id: { type: "integer" }, day: { type: "date" }, note: { type: "text" } },
  key: ["id"],
  maxRejected: { rows: 9 },
};

describe("npm run etl -- rejected, and mend", () => {
  let folder: string;
  const etl = (...args: string[]) => runEtl(folder, args);
  const path = (name: string) => join(folder, name);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "millrace-mend-"));
    writeFileSync(path("shop.json"), JSON.stringify(CONTRACT));
    writeFileSync(path("a.csv"), "id,day,note\n1,2026-02-30,=1+1\n2,2026-02-30,b\n");
    await etl("feed", "./shop.json", "a.csv", "--quiet");
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("bring a rejected row home: written without formulas, corrected, loaded once", async () => {
    // Act
    const written = await etl("rejected", "./shop.json", "--out", "rows.csv");
    const again = await etl("rejected", "./shop.json", "--out", "rows.csv");
    const file = readFileSync(path("rows.csv"), "utf8");
    writeFileSync(path("rows.csv"), file.replace("2026-02-30,'=1+1", "2026-02-28,'=1+1"));
    const rehearsed = await etl("mend", "./shop.json", "rows.csv", "--dry-run");
    const told = await etl("mend", "./shop.json", "rows.csv", "--dry-run", "--json");
    const mended = await etl("mend", "./shop.json", "rows.csv");
    const twice = await etl("mend", "./shop.json", "rows.csv", "--json");

    // Assess
    expect(written).toMatchObject({ code: 0, stdout: "" });
    expect(written.stderr).toMatch(/^2 open rejected rows in .*rows\.csv\nCorrect them, then: npm run etl -- mend/);
    expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining("Name another file") });
    expect(file.split("\r\n")[0]).toBe(
      "\uFEFFmillrace_row,millrace_reason,id,day,note,millrace_source,millrace_line,millrace_byte,millrace_run,millrace_text",
    );
    expect(rehearsed.stdout).toMatch(
      /^Dry run: nothing was kept\.\n1 rejected row of shop would be mended: 1 inserts and/,
    );
    expect(JSON.parse(told.stdout)).toMatchObject({ status: "dry-run", runId: null, mended: 1, rejected: 1 });
    expect(mended).toMatchObject({ code: 1, stdout: expect.stringContaining("1 inserts and 0 updates") });
    expect(mended.stderr).toMatch(/rows\.csv, line 3: day: got "2026-02-30", expected a calendar day as YYYY-MM-DD/);
    expect(twice.code).toBe(1);
    expect(JSON.parse(twice.stdout)).toMatchObject({
      status: "succeeded",
      runId: null,
      mended: 0,
      inserted: 0,
      before: 1,
      rejected: 1,
    });
  });

  test.each([
    [["rejected", "orders"], /rejected rows of orders are not in the database/],
    [["rejected", "metadata"], /reads no rows/],
    [["rejected", "./shop.json", "no run"], /not how a run's id begins: got "no run"/],
    [
      ["rejected", "./shop.json", "ffffffff-ffff-ffff"],
      /no such run: got "ffffffff-ffff-ffff", expected how the id of a run of shop begins/,
    ],
    [["mend", "./shop.json", "none.csv"], /none\.csv' is invalid.*there is no such file/],
    [["mend", "./shop.json", "a.csv"], /no file of rejected rows: got "id,day,note".*\(.*a\.csv, line 1\)/],
  ])("%j is refused, with what to do", async (args, says) => {
    expect(await etl(...args)).toMatchObject({ code: 2, stderr: expect.stringMatching(says) });
  });
});
