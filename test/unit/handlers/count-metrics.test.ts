import { COUNTS } from "../../../etl/core/runs/metrics";
import { addCounts } from "../../../handlers/count-metrics";
import { countsGraph } from "../../../stacks/etl/graphs";

describe("addCounts", () => {
  test("counts all of its kind, zeros too, and nothing else", () => {
    const counted: [string, number?][] = [];
    const metrics = { addMetric: (name: string, _unit: unknown, count: number) => counted.push([name, count]) };

    const counts = { inserted: 2, updated: 0, unchanged: 1, rejected: 0, dropped: 7 };
    addCounts(metrics as never, "records", counts);

    expect(counted).toEqual([
      ["inserted", 2],
      ["updated", 0],
      ["unchanged", 1],
      ["rejected", 0],
    ]);
  });

  test("takes no fewer, and a graph draws no others", () => {
    const metrics = { addMetric: () => undefined };

    // @ts-expect-error superseded is missing
    addCounts(metrics as never, "rows", { inserted: 2, updated: 0, unchanged: 1, rejected: 0, chunks: 1 });
    // @ts-expect-error nobody counts these
    const graph = countsGraph("covid", "load", "records", ["superseded"]);

    expect(graph.metrics).toHaveLength(1);
    expect(new Set(COUNTS.rows).size).toBe(COUNTS.rows.length);
  });
});
