import { findPrice, type PriceName } from "./price-table";

/** What a run uses of what is paid by use. */
export type RunUse = Readonly<Partial<Record<PriceName, number>>>;

/** What it costs in a region, in US dollars. */
export function costOfUse(use: RunUse, region: string): number {
  const names = Object.keys(use) as PriceName[];
  return names.reduce((sum, name) => sum + findPrice(name, region).usd * (use[name] ?? 0), 0);
}

/** GB-seconds of a function. */
export function lambdaTime(seconds: number, memoryMb: number): number {
  return (seconds * memoryMb) / 1024;
}
