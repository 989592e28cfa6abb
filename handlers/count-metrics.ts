import { type Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import type { LoadReport } from "../etl/core/runs/runs";

/** What a load did, as the metrics `inserted`, `updated`, `unchanged` and `rejected`. */
export function addCounts(metrics: Pick<Metrics, "addMetric">, counts: LoadReport): void {
  for (const name of ["inserted", "updated", "unchanged", "rejected"] as const) {
    metrics.addMetric(name, MetricUnit.Count, counts[name]);
  }
}
