import * as z from "zod";
import { prod } from "../../config/prod";
import { someBackend, synthesizeShipped } from "./support/synthesize";

const { etl } = synthesizeShipped({ environment: prod, backend: someBackend });
const widgetSchema = z.object({
  ...{ type: z.literal("metric"), x: z.int(), y: z.int(), width: z.int(), height: z.int() },
  properties: z.object({
    ...{ title: z.string().min(1), region: z.string(), period: z.int().multipleOf(60) },
    metrics: z.array(z.array(z.unknown()).min(3)).min(1),
  }),
});
const { widgets } = z
  .object({ widgets: z.array(widgetSchema).min(1) })
  .parse(JSON.parse(String(etl.only("aws_cloudwatch_dashboard").dashboard_body)));
const metrics = widgets.flatMap(({ properties }) => properties.metrics);

describe("the dashboard", () => {
  test("names each metric as CloudWatch takes it: namespace, metric, dimensions by name and value, how it is drawn", () => {
    for (const metric of metrics) {
      const names = metric.slice(0, -1);

      expect(names.every((name) => typeof name === "string" && name !== "")).toBe(true);
      expect(names.length % 2).toBe(0);
      expect(names.length).toBeGreaterThan(2);
      expect(metric.at(-1)).toEqual({ stat: expect.any(String), label: expect.any(String) });
    }
  });

  test("draws what the pipelines count, by the name of each", () => {
    const ours = metrics
      .filter(([namespace]) => namespace === "millrace")
      .map((metric) => metric.slice(0, -1).join(" "));

    expect(ours).toEqual(
      expect.arrayContaining([
        "millrace inserted service covid step load",
        "millrace rejected service covid step load",
        "millrace first service orders step send",
      ]),
    );
  });

  test("has its graphs side by side, none over another, within CloudWatch's 24 columns", () => {
    const places = widgets.map(({ x, y }) => `${x},${y}`);

    expect(new Set(places).size).toBe(widgets.length);
    for (const { x, y, width, height } of widgets) {
      expect([x % width, y % height]).toEqual([0, 0]);
      expect(x + width).toBeLessThanOrEqual(24);
    }
  });
});
