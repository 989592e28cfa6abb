import { seeded } from "./seeded";

/** Goods of made-up shops, with texts that cause faults in programs. */
const PRODUCTS = [
  ...["lamp", "Lampe, grün", 'screw 5"', "tea 🍵", "rope\\10 m", "chair", "Stuhl", "vase", "clock", "book"],
  ...["table", "shelf", "mirror", "carpet", "curtain", "pillow", "blanket", "plate", "cup", "kettle"],
];
const NOTES = [...Array<string>(16).fill(""), "gift", "to be called for", 'said "thanks"', "paid in cash"];
const FIRST_MS = Date.UTC(2026, 7, 27);

export const SALES_HEADER = ["sale_id", "line", "sold_at", "day", "product", "note", "quantity", "amount", "is_return"];

/** The sales to make; a sale has two lines. */
export interface SalesRange {
  readonly first: number;
  readonly rows: number;
  /** Seconds between two sales. Default: 1,440, which makes 60 a day. */
  readonly everySeconds?: number;
}

/** Made-up sales in the order of their key, each line's fields as text; a sale's number determines it, in any range. */
export function* makeSales({ first, rows, everySeconds = 1_440 }: SalesRange): Generator<readonly string[]> {
  for (let index = first * 2; index < first * 2 + rows; index += 1) {
    const random = seeded(index);
    const sale = Math.floor(index / 2);
    const sold = new Date(FIRST_MS + sale * everySeconds * 1000).toISOString();
    const quantity = 1 + Math.floor(random() * 4);
    const cents = String(quantity * Math.floor(100 + random() * 9_900)).padStart(3, "0");
    yield [
      ...[String(1_000_001 + sale), String((index % 2) + 1), `${sold.slice(0, 19)}Z`, sold.slice(0, 10)],
      ...[pick(PRODUCTS, random()), pick(NOTES, random()), String(quantity)],
      ...[`${cents.slice(0, -2)}.${cents.slice(-2)}`, random() < 0.03 ? "true" : "false"],
    ];
  }
}

function pick(texts: readonly string[], share: number): string {
  return texts[Math.floor(share * texts.length)] ?? "";
}
