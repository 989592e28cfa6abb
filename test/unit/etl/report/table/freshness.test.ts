import { renderFreshness } from "../../../../../etl/report/table/newest-run";

const now = new Date("2026-11-29T12:00:00Z");
const at = (day: number) => new Date(Date.UTC(2026, 10, day));
const textOf = (mended: Date | null) =>
  String(renderFreshness({ succeeded: at(28), changed: at(27), mended }, undefined, now)).replaceAll(/<[^>]+>/g, "");

test("rows that a person mended are no news of the source, and have a line of their own", () => {
  expect(textOf(at(26))).toMatch(/changed something: 2026-11-27.*2 days.*\n.*a person mended: 2026-11-26.*3 days/);
  expect(textOf(null)).not.toContain("mended");
});
