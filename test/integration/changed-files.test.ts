import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { openFileSource } from "../../etl/adapters/files/file-source";
import { ObjectDirectory } from "../../etl/adapters/files/object-directory";
import { RangedDirectory } from "../../etl/adapters/files/ranged-directory";
import { openPglite } from "../../etl/adapters/pglite/pglite";
import type { Database } from "../../etl/core/database/database";
import { LiveDatabase } from "../../etl/core/database/live-database";
import type { RangedObjects } from "../../etl/core/objects/objects";
import type { OutgoingMessage } from "../../etl/core/objects/outbox";
import type { Bytes } from "../../etl/core/ports";
import { summariseFeed } from "../../etl/feeds/ledger/summarise";
import type { FeedTables } from "../../etl/feeds/ledger/tables";
import type { CovidTables } from "../../etl/pipelines/covid/tables";
import { systemClock } from "../../etl/pipelines/orders/ledger/lease";
import { processBatch } from "../../etl/pipelines/orders/process-batch";
import { MemoryLedgerStore } from "../support/fakes/memory-ledger-store";
import { CASES_HEADER, RECOVERIES_HEADER, recoveryRow, runCovidOn, sourceOf } from "../support/models/covid-run";
import {
  csvOf,
  forget,
  load as loadChunk,
  plan,
  reading,
  readings,
  readTable,
  run,
} from "../support/models/feeds/feed-run";

const CHANGES: Readonly<Record<string, (path: string, content: string) => void>> = {
  "grew longer": (path) => appendFileSync(path, "\n"),
  "was cut": (path, content) => truncateSync(path, Math.floor(content.length / 2)),
  "was rewritten in place": (path, content) => writeFileSync(path, content.replaceAll("7", "8")),
  "was replaced by another": (path, content) => {
    writeFileSync(`${path}.other`, content);
    renameSync(`${path}.other`, path);
  },
  "was removed": (path) => rmSync(path),
};
const CHANGED = /The file changed while it was read: got .*Nothing that was read is kept/;

/** Changes what is read when its first piece is there. */
async function* changeWithin(bytes: Bytes, change: () => void): Bytes {
  let isChanged = false;
  for await (const piece of bytes) {
    if (!isChanged) change();
    isChanged = true;
    yield piece;
  }
}

/** When the file says that it was written, in seconds. */
const WROTE = 1_790_000_000;

describe("a file that is loaded", () => {
  let folder: string;
  let database: Database<FeedTables>;
  const path = () => join(folder, "a.csv");
  const write = (content: string, at = WROTE) => {
    writeFileSync(path(), csvOf(reading("m1", { value: content })));
    utimesSync(path(), at, at);
  };
  const load = async () => run(database, { contract: readings, objects: await RangedDirectory.open(folder) });
  const value = async () => (await readTable(database, readings)).map((row) => JSON.parse(row).value);

  beforeAll(async () => {
    database = await openPglite();
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "millrace-times-"));
    write("1.00");
    await forget(database, readings);
    await load();
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test("is another one where its content is, though size and time are as they were", async () => {
    write("2.00");

    const changed = await load();
    const again = await load();

    expect(changed).toMatchObject({ objects: 1, updated: 1 });
    expect(await value()).toEqual([2]);
    expect(again).toMatchObject({ chunks: 0 });
  });

  test("is put back with the time that it had, and wins", async () => {
    write("2.00", WROTE + 60);
    await load();
    write("1.00");

    expect(await load()).toMatchObject({ objects: 1, updated: 1 });
    expect(await value()).toEqual([1]);
  });

  test("entered by an older version of millrace, by size and time only, are not loaded again", async () => {
    const { size, mtimeMs } = statSync(path());
    await sql`update import_object set etag = ${`${size}-${mtimeMs}`}`.execute(database.db);

    expect(await load()).toMatchObject({ chunks: 0 });
    write("2.00");
    expect(await load()).toMatchObject({ objects: 1, updated: 1 });
  });
});

describe("a file that changes while it is read", () => {
  let folder: string;
  let covid: Database<CovidTables>;
  let imports: Database<FeedTables>;

  beforeAll(async () => {
    covid = await openPglite();
    imports = await openPglite();
  });
  afterAll(() => Promise.all([covid.close(), imports.close()]));
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "millrace-changed-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test.each(Object.entries(CHANGES))("and %s fails covid, which keeps nothing", async (_, change) => {
    // Prepare
    const path = join(folder, "us.csv");
    const content = `${CASES_HEADER}\n${Array.from({ length: 9_000 }, (_, n) => `${dayOf(n)},${n},7`).join("\n")}\n`;
    writeFileSync(path, content);
    const cases = await openFileSource("cases", path);
    const open = async () => changeWithin(await cases.open(), () => change(path, content));
    const recoveries = sourceOf("recoveries", [RECOVERIES_HEADER, recoveryRow("2020-01-21", 0)].join("\n"));

    // Act
    const running = runCovidOn(covid, "", "", { fetch: async () => [{ ...cases, open }, recoveries] });

    // Assess
    await expect(running).rejects.toThrow(CHANGED);
    expect(await covid.db.selectFrom("covid_daily").selectAll().execute()).toEqual([]);
  });

  test.each(Object.entries(CHANGES))(
    "and %s fails its run of a feed, which loads nothing of it and does not take it for rejected",
    async (_, change) => {
      // Prepare
      await forget(imports, readings);
      const path = join(folder, "readings.csv");
      const content = csvOf(...Array.from({ length: 9_000 }, (_, n) => reading(`m${n}`, { value: "7.00" })));
      writeFileSync(path, content);
      const directory = await RangedDirectory.open(folder);
      const objects: RangedObjects = {
        name: directory.name,
        list: () => directory.list(),
        locate: (key) => directory.locate(key),
        openRange: async (...range) => changeWithin(await directory.openRange(...range), () => change(path, content)),
      };
      const planned = await plan(imports, { contract: readings, objects });

      // Act
      const [chunk] = planned.list;
      if (chunk !== undefined) await loadChunk(imports, planned, chunk, { contract: readings, objects });
      const ending = summariseFeed(new LiveDatabase(imports), readings, planned.runId);

      // Assess
      await expect(ending).rejects.toThrow(CHANGED);
      expect(await readTable(imports, readings)).toEqual([]);
      const chunks = imports.db.selectFrom("import_chunk").select(["rows", "lost"]);
      expect(await chunks.execute()).toEqual([{ rows: 0, lost: true }]);
      const rejected = imports.db.selectFrom("import_object").select("rejected_since");
      expect(await rejected.execute()).toEqual([{ rejected_since: null }]);
    },
  );

  test.each(Object.entries(CHANGES))("and %s fails its batch of orders, and no message is sent", async (_, change) => {
    // Prepare
    const names = Array.from({ length: 12_000 }, (_, n) => `C${n},Jo number 7`);
    const content = `customer_id,customer_name\n${names.join("\n")}\n`;
    const incoming = join(folder, "incoming");
    mkdirSync(incoming);
    writeFileSync(join(incoming, "customers_20230828.csv"), content);
    writeFileSync(join(incoming, "orders_20230828.csv"), "order_id,customer_id,amount\n");
    writeFileSync(join(incoming, "items_20230828.csv"), "item_id,order_id\n");
    const directory = new ObjectDirectory(incoming, join(folder, "output"));
    const sent: OutgoingMessage[] = [];
    const objects = Object.assign(Object.create(directory), {
      name: incoming,
      head: (key: string) => directory.head(key),
      locate: (key: string) => directory.locate(key),
      open: async (object: { key: string; etag: string }) => {
        const path = join(incoming, object.key);
        const bytes = await directory.open(object);
        return object.key.startsWith("customers") ? changeWithin(bytes, () => change(path, content)) : bytes;
      },
    });
    const ports = {
      objects,
      ledger: new MemoryLedgerStore(),
      outbox: {
        maxBytes: async () => 262_144,
        send: async (some: readonly OutgoingMessage[]) => void sent.push(...some),
      },
      notifier: { notify: async () => undefined },
    };
    const worker = { owners: ["test"], until: Number.MAX_SAFE_INTEGER, clock: systemClock, tellsFailure: false };

    // Act
    const processing = processBatch({ id: "20230828", prefix: "", date: "20230828" }, ports, worker);

    // Assess
    await expect(processing).rejects.toThrow(CHANGED);
    expect(sent).toEqual([]);
  });
});

function dayOf(n: number): string {
  return new Date(Date.UTC(1990, 0, 1 + n)).toISOString().slice(0, 10);
}
