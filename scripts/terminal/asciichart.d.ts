declare module "asciichart" {
  interface PlotConfig {
    /** Rows between the lowest and the highest value. */
    readonly height?: number;
    readonly min?: number;
    readonly max?: number;
    readonly format?: (value: number) => string;
  }
  /** A line chart of at least two numbers; NaN is not understood. */
  export function plot(series: readonly number[], config?: PlotConfig): string;
}
