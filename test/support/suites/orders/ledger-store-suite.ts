import { randomUUID } from "node:crypto";
import type { LedgerItem, LedgerStore } from "../../../../etl/core/objects/ledger-store";

/** What every ledger store must do. */
export function ledgerStoreSuite(open: () => Promise<LedgerStore> | LedgerStore): void {
  let store: LedgerStore;
  let batch: string;

  beforeEach(async () => {
    store = await open();
    batch = `orders 2023+08é/${randomUUID()}/20230828`;
  });

  test("keeps an item and gives it back", async () => {
    // Act
    const revision = await store.write(batch, "customers#0a", '["🌻"]', undefined);

    // Assess
    expect(revision).toEqual(expect.any(String));
    expect(await store.read(batch, "customers#0a")).toEqual({ name: "customers#0a", value: '["🌻"]', revision });
    expect(await store.read(batch, "customers#0b")).toBeUndefined();
    expect(await store.read("another batch", "customers#0a")).toBeUndefined();
  });

  test("writes only for a caller that knows the newest revision", async () => {
    // Prepare
    const first = await store.write(batch, "batch", "1", undefined);

    // Act
    const second = await store.write(batch, "batch", "2", first);

    // Assess
    expect(second).not.toBe(first);
    expect(await store.write(batch, "batch", "3", undefined)).toBeUndefined();
    expect(await store.write(batch, "batch", "3", first)).toBeUndefined();
    expect(await store.write(batch, "missing", "3", first)).toBeUndefined();
    expect(await store.read(batch, "batch")).toMatchObject({ value: "2", revision: second });
  });

  test("removes only for a caller that knows the newest revision", async () => {
    // Prepare
    const first = (await store.write(batch, "lease", "1", undefined)) ?? "";
    const second = (await store.write(batch, "lease", "2", first)) ?? "";

    // Act and assess
    expect(await store.remove(batch, "lease", first)).toBe(false);
    expect(await store.read(batch, "lease")).toMatchObject({ value: "2" });
    expect(await store.remove(batch, "lease", second)).toBe(true);
    expect(await store.read(batch, "lease")).toBeUndefined();
    expect(await store.remove(batch, "lease", second)).toBe(false);
    expect(await store.write(batch, "lease", "3", second)).toBeUndefined();
  });

  test("lists the items of one batch whose names begin so, however large they are together", async () => {
    // Prepare
    const large = "x".repeat(150_000);
    const names = Array.from({ length: 16 }, (_, at) => `customers#${at.toString(16).padStart(2, "0")}`);
    for (const name of names) await store.write(batch, name, large, undefined);
    await store.write(batch, "batch", "{}", undefined);
    await store.write(`${batch}/other`, "customers#00", "other", undefined);

    // Act
    const items: LedgerItem[] = [];
    for await (const item of store.list(batch, "customers#")) items.push(item);

    // Assess
    expect(items.map(({ name }) => name).sort()).toEqual(names);
    expect(items.every(({ value }) => value === large)).toBe(true);
  });

  test("lets one of many concurrent writers win", async () => {
    // Prepare
    const first = await store.write(batch, "lease", "0", undefined);

    // Act
    const revisions = await Promise.all(
      Array.from({ length: 8 }, (_, at) => store.write(batch, "lease", String(at), first)),
    );

    // Assess
    const won = revisions.filter((revision) => revision !== undefined);
    expect(won).toHaveLength(1);
    expect(await store.read(batch, "lease")).toMatchObject({
      ...{ value: String(revisions.indexOf(won[0])), revision: won[0] },
    });
  });
}
