import { MillraceError } from "../../../etl/core/errors";
import type { Comparison } from "./compare-pipeline";
import { changedPercent } from "./render";

/** The label of a pull request that may change more of the data than the configuration allows. */
export const DATA_LABEL = "allow-data-change";

/** @throws MillraceError if a run of this version fails that the base's does not, or the change needs the label and does not have it */
export function judgeData(
  comparisons: readonly Comparison[],
  { labels, maxChangedPercent }: { readonly labels: readonly string[]; readonly maxChangedPercent: number },
): void {
  const failing = comparisons.filter(({ base, head }) => head?.status === "failed" && base?.status !== "failed");
  if (failing.length > 0) {
    throw new MillraceError("A run of this version fails, which the base's does not", {
      got: failing.map(({ name }) => name).join(", "),
    });
  }
  const over = comparisons.filter((one) => changedPercent(one) > maxChangedPercent);
  if (over.length === 0 || labels.includes(DATA_LABEL)) return;
  throw new MillraceError("More rows would be removed or changed than is allowed without a label", {
    got: over.map((one) => `${one.name} ${changedPercent(one).toFixed(2)}%`).join(", "),
    expected: `at most ${maxChangedPercent}% (dataPlan.maxChangedPercent)`,
    fix: `If that is intended, give the pull request the label ${DATA_LABEL}`,
  });
}
