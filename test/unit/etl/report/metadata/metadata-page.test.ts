import { renderMetadataPage } from "../../../../../etl/report/metadata/render-metadata-page";
import { UploadStatistics } from "../../../../../etl/report/metadata/upload-statistics";

const now = new Date("2026-03-10T12:00:00Z");

test("adds uploads up by type, the most frequent first, and by size", () => {
  // Prepare
  const uploads = new UploadStatistics();
  const sizes = [0, 1024, 1025, 2 ** 20, 2 ** 30 + 1];

  // Act
  for (const [at, bytes] of sizes.entries()) {
    uploads.add({ type: at === 0 ? "none" : "text/csv", bytes, uploaded: new Date(Date.UTC(2026, 0, at + 1)) });
  }

  // Assess
  expect(uploads.types.map(({ title, uploads }) => [title, uploads])).toEqual([
    ["text/csv", 4],
    ["none", 1],
  ]);
  expect(uploads.sizes.map(({ uploads }) => uploads)).toEqual([2, 2, 0, 0, 1]);
  const page = renderMetadataPage(uploads, now);
  expect(page).toContain("2026-01-05 00:00 UTC");
  expect(page).toContain('<p class="figure">5</p>');
});

test("types are few and text, whatever clients write", () => {
  const uploads = new UploadStatistics();
  for (let at = 0; at < 1_000; at += 1) uploads.add({ type: `<img>${at}`.repeat(1_000), bytes: 1, uploaded: now });

  const page = renderMetadataPage(uploads, now);

  expect(uploads.types).toHaveLength(51);
  expect(uploads.types[0]).toMatchObject({ title: "other types", uploads: 950 });
  expect(page).not.toContain("<img>");
  expect(Buffer.byteLength(page)).toBeLessThan(200_000);
});

test("without an upload it says so", () => {
  expect(renderMetadataPage(new UploadStatistics(), now)).toContain("No upload yet");
});
