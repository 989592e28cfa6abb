import { openPostgres } from "../../../../../etl/adapters/postgres/postgres";
import { diagnoseFeed } from "../../../../../etl/feeds/doctor/doctor";
import { MemoryRangedObjects } from "../../../../support/fakes/memory-ranged-objects";
import { readings } from "../../../../support/models/feed-run";

describe("diagnoseFeed", () => {
  test.each([
    [
      "mysql://me:sesame@here/db",
      /^the database URL cannot be read: expected postgres:\/\//,
      "Correct the URL: postgres://user@host:port/database",
    ],
    [
      "postgres://me@here/db?sslmode=yes",
      /^the database URL has an unknown TLS setting/,
      "Correct sslmode in the URL, or PGSSLMODE",
    ],
  ])("says of %s what is wrong with it, and of nothing that it is well", async (url, detail, fix) => {
    const checks = await diagnoseFeed({
      contract: readings,
      objects: new MemoryRangedObjects(),
      openDatabase: () => openPostgres(url),
    });

    expect(checks.slice(1)).toEqual([
      expect.objectContaining({ name: "network", ok: false, detail: expect.stringMatching(detail), fix }),
    ]);
    expect(JSON.stringify(checks)).not.toContain("sesame");
  });
});
