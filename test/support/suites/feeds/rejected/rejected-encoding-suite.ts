import type { Feed } from "../../../../../etl/core/contract/contract";
import type { Database } from "../../../../../etl/core/database/database";
import type { FeedTables } from "../../../../../etl/feeds/ledger/tables";
import { csvOf, reading, readings, readTable, run } from "../../../models/feeds/feed-run";
import { describeFeed } from "../describe-feed";

/** Letters of another encoding never come into the table. */
export function describeRejectedEncoding(engine: string, open: () => Promise<Database<FeedTables>>): void {
  describeFeed(`a feed on ${engine}, with an object of another encoding`, open, ({ database, objects }) => {
    test("one in UTF-8 where the contract says windows-1252 leaves no row, though its last row shows it", async () => {
      // Prepare
      const contract: Feed = { ...readings, encoding: "windows-1252" };
      const plain = Array.from({ length: 5_000 }, (_, at) => reading(`m${at}`));
      objects.put("a.csv", csvOf(...plain, reading("m5000", { note: "Größe" })));
      objects.put("b.csv", Buffer.from(csvOf(reading("b1", { note: "Größe" })), "latin1"));

      // Act
      const failed = await run(database, { contract, objects, chunkBytes: 65_536 }).catch(String);

      // Assess
      expect(failed).toMatch(
        /memory:a\.csv: This is not windows-1252 text: got 2 characters, .* \(memory:a\.csv, line 5002/,
      );
      const rows = (await readTable(database, readings)).map((row) => JSON.parse(row));
      expect(rows).toEqual([expect.objectContaining({ meter: "b1", note: "Größe" })]);
    });
  });
}
