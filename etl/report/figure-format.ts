const WHOLE = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const SIGNED = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0, signDisplay: "exceptZero" });

/** `7,262,695`, or `unknown`: an unknown figure is not 0. */
export function formatFigure(figure: number | null): string {
  return figure === null ? "unknown" : WHOLE.format(figure);
}

/** `+36,766`, `−12` with a true minus sign, `0`, or `unknown`. */
export function formatChange(change: number | null): string {
  return change === null ? "unknown" : SIGNED.format(change).replace("-", "\u2212");
}

const EXACT = /^-?\d+(\.\d+)?$/;

/** A number for people, with all its digits: `1,234,567.05`. */
export function formatExact(text: string): string {
  if (!EXACT.test(text)) return text;
  const [whole = "", fraction] = text.replace("-", "").split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return `${text.startsWith("-") ? "\u2212" : ""}${grouped}${fraction === undefined ? "" : `.${fraction}`}`;
}
