import { seeded } from "../../scripts/project/samples/seeded";

/** A made-up CSV, and how it is to be read. */
export interface FuzzCase {
  readonly text: string;
  readonly delimiter: string;
  readonly columns: number;
  /** Whether a quoted field holds a line feed. */
  readonly hasLineBreaks: boolean;
  /** Whether something may be wrong with its quotes. */
  readonly isBroken: boolean;
}

const DELIMITERS = [",", ",", ",", ";", "\t", "|", " ", "-", "a"];
const WORDS = ["", "", "a", "b1", "1.5", "é", "🙂", "\\", "\\N", "\\.", "'", "NULL", "\u00a0", "\uFEFF", "x y"];

/** A case of a seed: the same on every machine. */
export function makeCase(seed: number): FuzzCase {
  const random = seeded(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  const pick = <Item>(items: readonly Item[]): Item => items[below(items.length)] as Item;
  const delimiter = pick(DELIMITERS);
  const columns = 2 + below(4);
  const newline = pick(["\n", "\r\n"]);
  const isBroken = below(4) === 0;
  let hasLineBreaks = false;
  const withLineBreaks = below(2) === 0;
  const field = () => {
    let value = "";
    for (let parts = below(4); parts > 0; parts -= 1) {
      value += pick([...WORDS, delimiter, '"', "\t", "\r", ...(withLineBreaks ? ["\n", "\r\n"] : [])]);
    }
    const mustQuote = [delimiter, '"', "\r", "\n"].some((mark) => value.includes(mark)) || value.startsWith("\uFEFF");
    if (!mustQuote && below(3) > 0) return value;
    if (value.includes("\n")) hasLineBreaks = true;
    return `"${value.replaceAll('"', '""')}"`;
  };
  const rows = Array.from({ length: 1 + below(12) }, () => {
    const line = [`k${below(100)}`, ...Array.from({ length: columns - 1 }, field)].join(delimiter);
    return line + (below(9) === 0 ? newline : "");
  });
  let text = rows.join(newline) + (below(3) === 0 ? "" : newline);
  if (below(5) === 0) text = `\uFEFF${text}`;
  if (isBroken) text = damage(text, below, pick);
  return { text, delimiter, columns, hasLineBreaks, isBroken };
}

function damage(text: string, below: (limit: number) => number, pick: (items: readonly string[]) => string): string {
  let damaged = text;
  for (let times = 1 + below(3); times > 0; times -= 1) {
    const at = below(damaged.length);
    damaged = damaged.slice(0, at) + pick(['"', '""', "", " ", "\n", "x"]) + damaged.slice(at + below(2));
  }
  return damaged;
}
