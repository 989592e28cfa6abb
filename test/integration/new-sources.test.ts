import { openPglite } from "../../etl/adapters/pglite/pglite";
import type { Database } from "../../etl/core/database/database";
import { migrate } from "../../etl/core/database/migrate";
import type { CoreTables } from "../../etl/core/database/tables";
import type { Source } from "../../etl/core/ports";
import { MOST_NEW_SOURCES, newSources } from "../../etl/core/runs/new-sources";
import { finishRun, type RunEnd, startRun } from "../../etl/core/runs/runs";
import { bytesOf } from "../support/files/bytes";

const ids = [1, 2, 3, 4, 5].map((number) => `00000000-0000-4000-8000-00000000000${number}`);

describe("the sources that no run has loaded", () => {
  let database: Database<CoreTables>;

  beforeAll(async () => {
    database = await openPglite();
    await migrate(database.db, "sales", {});
    await keepRun(ids[0], "sales", "succeeded", ["a.csv", "1"], ["b.csv", "1"]);
    await keepRun(ids[1], "sales", "failed", ["failed.csv", "1"]);
    await keepRun(ids[2], "other", "succeeded", ["other.csv", "1"]);
  });
  afterAll(() => database.close());

  it("are told apart by location and version, in their order", async () => {
    const sources = [source("b.csv", "2"), source("a.csv", "1"), source("c.csv", "1")];

    expect(await fresh(sources)).toEqual(["b.csv 2", "c.csv 1"]);
  });

  it("are those that were put back to what they were before another version", async () => {
    await keepRun(ids[3], "returns", "succeeded", ["a.csv", "1"]);
    await keepRun(ids[4], "returns", "succeeded", ["a.csv", "2"]);

    expect(await fresh([source("a.csv", "1")], "returns")).toEqual(["a.csv 1"]);
    expect(await fresh([source("a.csv", "2")], "returns")).toEqual([]);
  });

  it("are also what a failed run, or another pipeline, has read", async () => {
    expect(await fresh([source("failed.csv", "1"), source("other.csv", "1")])).toEqual(["failed.csv 1", "other.csv 1"]);
  });

  it("are all that have no version", async () => {
    expect(await fresh([source("a.csv")])).toEqual(["a.csv undefined"]);
  });

  it("are the first so many where there are more than a result can name", async () => {
    const many = Array.from({ length: MOST_NEW_SOURCES + 2 }, (_, number) => source(`many-${number}.csv`, "1"));

    const found = await fresh([source("a.csv", "1"), ...many]);

    expect(found).toEqual(many.slice(0, MOST_NEW_SOURCES).map(({ location }) => `${location} 1`));
  });

  async function fresh(sources: readonly Source[], pipeline = "sales") {
    const found = await database.db.transaction().execute((trx) => newSources(trx, pipeline, sources));
    return found.map(({ location, version }) => `${location} ${version}`);
  }

  async function keepRun(id = "", pipeline: string, status: RunEnd["status"], ...read: readonly [string, string][]) {
    await startRun(database.db, id, pipeline);
    const sources = read.map(([location, version]) => ({
      name: location,
      location,
      version,
      sha256: "",
      bytes: 1,
      rows: 1,
    }));
    await finishRun(database.db, id, { status, sources, warnings: [] });
  }
});

function source(location: string, version?: string): Source {
  return { name: location, location, version, open: async () => bytesOf("", 1) };
}
