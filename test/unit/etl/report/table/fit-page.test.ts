import { renderFitting } from "../../../../../etl/report/table/fit-page";
import type { TablePage } from "../../../../../etl/report/table/table-page";
import { runOf } from "../../../../support/files/report-sample";

const none = { shown: [], total: 0 };
const page: TablePage = {
  subject: { pipeline: "shop", table: "sales" },
  generated: new Date("2026-03-10T12:00:00Z"),
  newest: { value: { columns: [], rows: Array(8).fill(["x"]), order: [], leftOut: 0 } },
  ledger: {
    value: {
      runs: { shown: Array(8).fill(runOf()), total: 8 },
      revisions: none,
      rejections: { ...none, mended: 0, superseded: 0 },
      warnings: { shown: Array(8).fill("w"), total: 8 },
    },
  },
};
const counts = (rendered: string): number[] => JSON.parse(rendered.trim());
/** As large as the page has rows, runs and warnings. */
const render = ({ newest, ledger }: TablePage) => {
  const rows = newest !== undefined && "value" in newest ? newest.value.rows.length : -1;
  const { runs, warnings } = ledger !== undefined && "value" in ledger ? ledger.value : { runs: none, warnings: none };
  const listed = [rows, runs.shown.length, warnings.shown.length];
  return JSON.stringify(listed).padEnd(listed.reduce((sum, count) => sum + count * 100, 0));
};

test.each([
  [10_000, [8, 8, 8]],
  [1_200, [4, 4, 4]],
  [600, [2, 2, 2]],
  [10, [0, 1, 0]],
])("within %i bytes it lists %j", (most, expected) => {
  expect(counts(renderFitting(page, render, most))).toEqual(expected);
});
