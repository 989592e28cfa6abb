import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { openPglite } from "../../etl/adapters/pglite/pglite";
import { runEtl } from "../support/processes/run-etl";

const CONTRACT = {
  name: "shop",
  table: "shop",
  columns: { id: { type: "integer" }, day: { type: "date" }, note: { type: "text" } },
  key: ["id"],
  history: "full",
};

describe("npm run etl -- undo, and as-of", () => {
  let folder: string;
  const etl = (...args: string[]) => runEtl(folder, args);
  const runs: string[] = [];
  const load = async (name: string, rows: string) => {
    writeFileSync(join(folder, name), `id,day,note\n${rows}\n`);
    const { stdout } = await etl("feed", "./shop.json", name, "--json");
    runs.push(JSON.parse(stdout).runId);
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "millrace-undo-"));
    writeFileSync(join(folder, "shop.json"), JSON.stringify(CONTRACT));
    await load("a.csv", "1,2026-02-01,a\n2,2026-02-02,b");
    await load("b.csv", "2,2026-02-02,B\n3,2026-02-03,c");
    await load("c.csv", "3,2026-02-03,C");
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("go back from a run of a feed, and forth again; a later run's row is a conflict", async () => {
    const [, second = "", third = ""] = runs;

    // Act
    const refused = await etl("undo", "./shop.json", second);
    const rehearsed = await etl("undo", "./shop.json", second, "--cascade", "--skip-conflicts", "--dry-run");
    const undone = await etl("undo", "./shop.json", second, "--cascade", "--json");
    const emptied = await etl("undo", "./shop.json", runs[0] ?? "", "--json");
    const next = await etl("feed", "./shop.json", "c.csv", "--json");
    const back = await etl("undo", "./shop.json", JSON.parse(undone.stdout).runId, "--skip-conflicts", "--json");

    // Assess
    expect(refused).toMatchObject({ code: 1, stdout: expect.stringContaining("1 row was changed since") });
    expect(refused.stderr).toContain(
      `shop, id 3: changed since by run ${third}: before no row, after {"id":3,"day":"2026-02-03","note":"c"}, now {"id":3,"day":"2026-02-03","note":"C"}`,
    );
    expect(rehearsed.stdout).toMatch(
      /^Dry run: nothing was kept\.\n2 runs of shop would be undone: 1 row restored, 1 removed/,
    );
    expect(JSON.parse(undone.stdout)).toMatchObject({ status: "succeeded", restored: 1, removed: 1, conflicts: 0 });
    expect(JSON.parse(emptied.stdout)).toMatchObject({ removed: 2, conflicts: 0 });
    // What was undone is not lost: the next run loads what is new, which is nothing.
    expect(next.code).toBe(0);
    expect(JSON.parse(next.stdout)).toMatchObject({ status: "succeeded", inserted: 0 });
    expect(JSON.parse(back.stdout)).toMatchObject({ inserted: 1, conflicts: 1 });
  });

  test("show the table as it was, and say since when that is known", async () => {
    const asOf = await etl("as-of", "./shop.json", "2999-01-01T07:30", "--csv");
    const early = await etl("as-of", "./shop.json", "2020-01-01");

    expect(asOf).toMatchObject({ code: 0, stdout: "id,day,note\r\n3,2026-02-03,C\n" });
    expect(asOf.stderr).toMatch(/^the history of shop begins at \d{4}-.* UTC$/m);
    expect(early).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/The history of shop begins at .*Ask for that time/),
    });
  });

  test("are in the run history of the table's page, with what they removed", async () => {
    await etl("pages");
    const page = readFileSync(join(folder, ".millrace/pages/shop/index.html"), "utf8");

    expect(page.match(/<\/span> \(undo\)/g)).toHaveLength(3);
    expect(page).toContain('data-label="Removed">2</td>');
    expect(page).not.toContain("(mend)");
  });

  test("refuse a run of a feed that keeps no history, and say what would keep it", async () => {
    const { history: _, ...kept } = { ...CONTRACT, name: "plain", table: "plain" };
    writeFileSync(join(folder, "plain.json"), JSON.stringify(kept));
    const { stdout } = await etl("feed", "./plain.json", "a.csv", "--json");

    const refused = await etl("undo", "./plain.json", JSON.parse(stdout).runId);

    expect(refused).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /There is nothing to go back to: plain kept no history: got run [\w-]{36}, which kept none of what plain was, .*history: full \(a feed has it in its contract/,
      ),
    });
  });

  test("name what the run wrote into rows that somebody else changed, or that it is not known", async () => {
    // Prepare
    await load("d.csv", "4,2026-02-04,d");
    await load("e.csv", "4,2026-02-04,D\n5,2026-02-05,e");
    const { db, close } = await openPglite(join(folder, ".millrace/db"));
    await sql`update shop set note = 'own' where id > 3`.execute(db).finally(close);

    // Act
    const refused = await etl("undo", "./shop.json", runs.at(-1) ?? "", "--cascade");

    // Assess
    expect(refused).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/\n--skip-conflicts leaves these as they are\n$/),
    });
    expect(refused.stderr.split("\n")).toEqual(
      expect.arrayContaining([
        'shop, id 4: changed since by somebody else: before {"note":"d"}, after {"note":"D"}, now {"note":"own"}',
        'shop, id 5: changed since by somebody else: before no row, after unknown (day, note), now {"day":"2026-02-05","note":"own"}',
      ]),
    );
  });

  test.each([
    [["undo", "orders", "abcd"], /not the name of a batch: got "abcd"/],
    [["undo", "nobody", "abcd"], /no such contract: got "nobody", expected covid, orders, sales/],
    [["mend", "nobody", "a.csv"], /no such contract: got "nobody", expected covid, sales/],
    [["as-of", "orders", "2026-01-01"], /orders has no table.*expected covid, or a feed/],
    [["undo", "./shop.json", "no run"], /not how a run's id begins/],
    [["undo", "./shop.json", "ffffffff-ffff"], /no such run: got "ffffffff-ffff"/],
    [["as-of", "./shop.json", "yesterday"], /not a time: got "yesterday"/],
    [["as-of", "./shop.json", "2026-02-30"], /not a time: got "2026-02-30"/],
    [["as-of", "metadata", "2026-01-01"], /metadata has no table/],
  ])("%j is refused, with what to do", async (args, says) => {
    expect(await etl(...args)).toMatchObject({ code: 2, stderr: expect.stringMatching(says) });
  });
});
