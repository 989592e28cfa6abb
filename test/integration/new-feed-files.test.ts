import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openFileSource } from "../../etl/adapters/files/file-source";
import { openPglite } from "../../etl/adapters/pglite/pglite";
import type { Column } from "../../etl/core/contract/column";
import { checkFeed } from "../../etl/core/contract/schema/check-contract";
import type { Database } from "../../etl/core/database/database";
import type { FeedTables } from "../../etl/feeds/ledger/tables";
import { chooseKey } from "../../scripts/project/new-feed/choose-key";
import { guessFeed, toFeed } from "../../scripts/project/new-feed/guess/guess-feed";
import { loadFile } from "../../scripts/project/new-feed/load-file";
import { profileCsv } from "../../scripts/project/new-feed/profile/profile-csv";
import { SilentProgress } from "../../scripts/run/terminal/silent-progress";
import { ODD_FILES } from "../support/feeds/odd/odd-files";
import { describeUnless, realData } from "../support/files/real-data";

let database: Database<FeedTables>;
let folder: string;

beforeAll(async () => {
  database = await openPglite<FeedTables>();
  folder = mkdtempSync(join(tmpdir(), "millrace-odd-files-"));
});

afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

describe.each(ODD_FILES.map((file, at) => ({ ...file, at })))("a feed of a file with $kind", (odd) => {
  test("is what the file is, and loads it", async () => {
    // Prepare
    const path = join(folder, `file-${odd.at}.csv`);
    writeFileSync(path, odd.content);

    // Act
    const source = await openFileSource("file", path);
    const guessed = guessFeed(await profileCsv(await source.open(), path));
    const key = await chooseKey(guessed, "rows", odd.key);
    const feed = checkFeed(toFeed(guessed, { name: `odd-${odd.at}`, table: `odd_${odd.at}` }, key.columns));
    const summary = await loadFile(database, feed, path, new SilentProgress());

    // Assess
    const { name: _, table: __, columns, key: ___, ...csv } = feed;
    const expected = Object.entries(odd.columns).map(([name, column]) => [
      name,
      typeof column === "string" ? { type: column } : column,
    ]);
    expect(Object.keys(columns)).toEqual(Object.keys(odd.columns));
    expect(columns).toMatchObject(Object.fromEntries(expected) as Record<string, Column>);
    expect(csv).toEqual(odd.csv ?? {});
    for (const [name, note] of Object.entries(odd.notes ?? {})) {
      expect(guessed.columns.find((column) => column.name === name)?.notes.join()).toContain(note);
    }
    expect(guessed.leftOut).toEqual((odd.leftOut ?? []).map((text) => expect.stringContaining(text)));
    const { rejected = 0, superseded = 0 } = odd;
    expect(summary).toMatchObject({ rows: odd.rows, rejected, superseded, inserted: odd.rows - rejected - superseded });
  });
});

const shared = [
  ["the daily cases of 2020", realData.casesPath, ["date"]],
  ["the recoveries of 2020", realData.recoveriesPath, ["date", "country_region", "province_state"]],
] as const;

describeUnless(realData.missing, "a feed of a real file", () => {
  test.each(shared)("%s: its key is found, and all of its rows are loaded", async (_, path, expected) => {
    const source = await openFileSource("file", path);
    const guessed = guessFeed(await profileCsv(await source.open(), path));
    const key = await chooseKey(guessed, "rows");
    const name = `real-${expected.length}`;
    const summary = await loadFile(
      database,
      checkFeed(toFeed(guessed, { name, table: name }, key.columns)),
      path,
      new SilentProgress(),
    );

    expect(key.columns).toEqual(expected);
    expect(summary).toMatchObject({ inserted: summary.rows, rejected: 0, superseded: 0 });
    expect(summary.rows).toBeGreaterThan(200);
  });
});
