import { overviewBatches } from "../../../../../etl/pipelines/orders/batch-overview";
import { renderOrdersPage } from "../../../../../etl/report/orders/render-orders-page";

const now = new Date("2026-03-10T12:00:00Z");
const file = (key: string, rows: number) => ({ key, etag: "e", bytes: 10, rows });

async function* itemsOf(...items: readonly (readonly [batch: string, name: string, value: unknown])[]) {
  for (const [batch, name, value] of items) {
    yield { batch, name, value: typeof value === "string" ? value : JSON.stringify(value) };
  }
}

test("a ledger is summed up by batch, the one that changed last first, and names no customer", async () => {
  // Prepare
  const files = { customers: file("c", 3), orders: file("o", 5), items: file("i", 7) };
  const items = itemsOf(
    ["b1", "customers#0a", [["alice", 1, "h", 1]]],
    ["b1", "batch", { state: "sent", files, rejected: 2, changed: "2026-03-01T00:00:00Z" }],
    ["b1", "customers#0b", [["bob", 3, "h", 1]]],
    ["b1", "lease", { owner: "x" }],
    [
      "b2",
      "batch",
      {
        state: "waiting",
        files: { orders: file("o", 1) },
        failure: 'customer "alice" twice',
        changed: "2026-03-02T00:00:00Z",
      },
    ],
    ["b3", "batch", "{"],
  );

  // Act
  const batches = await overviewBatches(items);
  const page = renderOrdersPage({ generated: now, batches, rejections: [] });

  // Assess
  expect(batches.map(({ batch, state }) => [batch, state])).toEqual([
    ["b2", "waiting"],
    ["b1", "sent"],
    ["b3", "spoilt"],
  ]);
  expect(batches[1]).toMatchObject({ customers: 2, corrected: 1, messages: 4, rejected: 2, missing: [] });
  expect(batches[0]).toMatchObject({ missing: ["customers", "items"], messages: 0 });
  expect(page).not.toMatch(/alice|bob/);
  expect(page).toContain("customer (left out) twice");
  expect(page).toContain("its item in the ledger cannot be read");
});

test("text from outside is text, long text is cut, and values that a reason quotes are left out", () => {
  // Prepare
  const hostile = "<img src=x onerror=alert(1)>";
  const batch = {
    ...{ batch: hostile.repeat(1_000), state: hostile, changed: now, files: [], missing: [hostile], rejected: 1 },
    ...{ customers: 1, corrected: 0, messages: 1, failure: `${hostile} "a \\" ${hostile}` },
  };
  const rejection = { batch: hostile, source: hostile, line: hostile, reason: `${hostile} got "alice"` };

  // Act
  const page = renderOrdersPage({
    generated: now,
    batches: Array(150).fill(batch),
    rejections: Array(150).fill(rejection),
  });

  // Assess
  expect(page).not.toContain("<img");
  expect(page).not.toContain("alice");
  expect(page).toContain("The newest 100 of 150");
  expect(Buffer.byteLength(page)).toBeLessThan(500_000);
});

test("without a batch it says what to do", () => {
  expect(renderOrdersPage({ generated: now, batches: [], rejections: [] })).toContain("No batch yet");
});
