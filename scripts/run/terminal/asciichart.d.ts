declare module "asciichart" {
  interface PlotConfig {
    /** Rows between the lowest and the highest value. */
    readonly height?: number;
    readonly min?: number;
    readonly max?: number;
    readonly format?: (value: number) => string;
    /** Crossing of axis and 0, axis, two ends, then the line: flat, four corners, upright. */
    readonly symbols?: readonly string[];
  }
  /** A line chart of at least two numbers; NaN is not supported. */
  export function plot(series: readonly number[], config?: PlotConfig): string;
}
