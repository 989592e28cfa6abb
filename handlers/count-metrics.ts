import { type Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { COUNTS, type Counted, type CountName } from "../etl/core/runs/metrics";

/** Emits a step's counters: those of its kind in {@link COUNTS}. */
export function addCounts<Kind extends Counted>(
  metrics: Pick<Metrics, "addMetric">,
  kind: Kind,
  counts: Readonly<Record<CountName<Kind>, number>>,
): void {
  const names: readonly CountName<Kind>[] = COUNTS[kind];
  for (const name of names) metrics.addMetric(name, MetricUnit.Count, counts[name]);
}
