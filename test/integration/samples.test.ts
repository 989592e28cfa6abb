import { join } from "node:path";
import { RangedDirectory } from "../../etl/adapters/files/ranged-directory";
import { openPglite } from "../../etl/adapters/pglite/pglite";
import { contracts, findContract } from "../../etl/feeds/feeds";
import type { FeedTables } from "../../etl/feeds/ledger/tables";
import { run } from "../support/models/feeds/feed-run";

/** All that a feed's own test has to say: a new feed is in the list, and its sample beside the others. */
describe.each(contracts.map(({ name }) => name))("the feed %s", (name) => {
  test("loads its sample, and finds nothing to do the second time", async () => {
    // Prepare
    const database = await openPglite<FeedTables>();
    const objects = await RangedDirectory.open(join(__dirname, "../../samples/feeds", name));
    const options = { contract: findContract(name), objects };

    // Act
    const first = await run(database, options);
    const second = await run(database, options);
    await database.close();

    // Assess
    expect(first.inserted).toBeGreaterThan(2);
    expect(first.rejected).toBe(0);
    expect(second).toMatchObject({ objects: 0, rows: 0 });
  });
});
