import { createHash } from "node:crypto";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { RawStoreDirectory } from "../../../../../etl/adapters/files/raw-store-directory";
import type { Bytes } from "../../../../../etl/core/ports";
import { bytesOf } from "../../../../support/files/bytes";

const DAY = "2026-11-21";
const BODY = "date,cases\n2020-01-21,1\n";

describe("RawStoreDirectory", () => {
  let folder: string;
  let store: RawStoreDirectory;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "raw-store-"));
    store = new RawStoreDirectory(join(folder, "raw"), "covid");
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const files = async () =>
    (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());

  test("keeps a body under pipeline, name, day and sha256", async () => {
    const sha256 = createHash("sha256").update(BODY).digest("hex");
    const kept = await store.put("cases", DAY, bytesOf(BODY, 5));
    expect(kept).toEqual({ key: `covid/cases/${DAY}/${sha256}.csv`, sha256, bytes: BODY.length });
    expect(await text(await store.open(kept.key))).toBe(BODY);
    expect(await files()).toHaveLength(1);
  });

  test("takes the same body twice, and two at once", async () => {
    const kept = await Promise.all([1, 2, 3].map(() => store.put("cases", DAY, bytesOf(BODY, 5))));
    expect(new Set(kept.map(({ key }) => key)).size).toBe(1);
    expect(await files()).toHaveLength(1);
  });

  test("keeps nothing of a body that breaks off, and passes its failure on", async () => {
    const failure = new Error("broken");
    async function* broken(): Bytes {
      yield Buffer.from(BODY);
      throw failure;
    }
    await expect(store.put("cases", DAY, broken())).rejects.toMatchObject({ cause: failure });
    expect(await files()).toEqual([]);
  });

  test("says that a body is not there", async () => {
    await expect(store.open("covid/cases/none.csv")).rejects.toThrow(/^The file cannot be read: got ENOENT/);
  });

  test("says that it cannot write", async () => {
    await writeFile(join(folder, "raw"), "in the way");
    await expect(store.put("cases", DAY, bytesOf(BODY))).rejects.toThrow(
      /^The download cannot be kept: got E\w+: .*Check that this user may write there/,
    );
  });

  test("remembers an address for as long as its body is kept", async () => {
    const kept = await store.put("cases", DAY, bytesOf(BODY));
    const download = { ...kept, etag: '"v1"' };
    await store.remember("https://host/us.csv", download);
    expect(await store.recall("https://host/us.csv")).toEqual(download);
    expect(await store.recall("https://host/other.csv")).toBeUndefined();
    await rm(join(folder, "raw", kept.key));
    expect(await store.recall("https://host/us.csv")).toBeUndefined();
  });
});
