import { amountOf } from "../../../etl/core/counted";
import type { Stage } from "../../../etl/core/ports";

const UNITS = ["B", "kB", "MB", "GB", "TB"] as const;

/** `33.2 MB` for bytes, `1,000,000 rows` for the stage that counts rows. */
export function formatAmount(stage: Stage, amount: number): string {
  if (stage === "load") return amountOf(amount, "row");
  const step = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, amount)) / 3));
  return `${(amount / 1000 ** step).toFixed(step === 0 ? 0 : 1)} ${UNITS[step]}`;
}

/** `12.0 MB of 33.2 MB`, or only the first part if the total is unknown. */
export function formatDone(stage: Stage, done: number, total?: number): string {
  return total === undefined
    ? formatAmount(stage, done)
    : `${formatAmount(stage, done)} of ${formatAmount(stage, total)}`;
}
