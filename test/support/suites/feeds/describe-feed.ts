import type { Database } from "../../../../etl/core/database/database";
import type { FeedTables } from "../../../../etl/feeds/ledger/tables";
import { MemoryRangedObjects } from "../../fakes/memory-ranged-objects";
import { emptyLedger } from "../../models/empty-ledger";
import { readings } from "../../models/feeds/feed-run";

/** What the tests of a suite share: each finds an empty ledger, no table, and no object. */
export interface FeedWorld {
  readonly database: Database<FeedTables>;
  readonly objects: MemoryRangedObjects;
}

/** A suite of feeds, on whichever engine `open` gives. */
export function describeFeed(
  title: string,
  open: () => Promise<Database<FeedTables>>,
  suite: (world: FeedWorld) => void,
): void {
  describe(title, () => {
    let opened: Database<FeedTables> | undefined;
    const current = () => {
      if (opened === undefined) throw new Error("the database is not open yet");
      return opened;
    };
    const database: Database<FeedTables> = {
      get db() {
        return current().db;
      },
      get reopen() {
        return current().reopen;
      },
      close: () => current().close(),
    };
    const objects = new MemoryRangedObjects();

    beforeAll(async () => {
      opened = await open();
    });
    beforeEach(async () => {
      objects.clear();
      await emptyLedger(database, readings);
    });
    afterAll(() => opened?.close());

    suite({ database, objects });
  });
}
