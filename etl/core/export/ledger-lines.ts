import { createHash } from "node:crypto";
import * as z from "zod";
import { counted } from "../counted";
import { SourceError } from "../errors";
import type { ExportedLedger } from "./manifest";

/** As DynamoDB's API has it: a text, or a number as text. */
const attribute = z.union([z.strictObject({ S: z.string() }), z.strictObject({ N: z.string() })]);
const ledgerAttributes = z.record(z.string(), attribute);
/** An item of a ledger, with all that it has. */
export type LedgerAttributes = Readonly<z.output<typeof ledgerAttributes>>;

export type LedgerRows = Pick<ExportedLedger, "items" | "itemHash">;

/** Items passed on, which are counted, and their hashes added up: in any order, the same items have the same sum. */
export function measureLines(lines: AsyncIterable<string>): {
  readonly lines: AsyncIterable<string>;
  /** Of those passed on so far. */
  readonly total: () => LedgerRows;
} {
  let [items, sum] = [0, 0n];
  const measured = async function* () {
    for await (const line of lines) {
      items += 1;
      sum += BigInt(`0x${createHash("sha256").update(line).digest("hex")}`);
      yield line;
    }
  };
  return { lines: measured(), total: () => ({ items, itemHash: sum.toString(16) }) };
}

export async function hashLines(lines: AsyncIterable<string>): Promise<LedgerRows> {
  const measured = measureLines(lines);
  const all = measured.lines[Symbol.asyncIterator]();
  while (!(await all.next()).done);
  return measured.total();
}

/** An item as one line: the same text, whatever the order of its attributes. @throws SourceError if it has others than a ledger's */
export function itemLine(item: unknown, source: string): string {
  return JSON.stringify(parse(item, source));
}

/** @throws SourceError if the line is no item */
export function readItemLine(line: string, source: string): LedgerAttributes {
  return parse(JSON.parse(line), source);
}

function parse(item: unknown, source: string): LedgerAttributes {
  const { data, error } = ledgerAttributes.safeParse(item);
  if (error !== undefined) {
    throw new SourceError("An item of the ledger is none of ours", {
      got: z.prettifyError(error),
      expected: "texts and numbers",
      where: { source },
    });
  }
  return Object.fromEntries(Object.entries(data).sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** @throws SourceError if the items are not those that were exported */
export function compareItems(ledger: ExportedLedger, got: LedgerRows, what: string): void {
  if (got.items === ledger.items && got.itemHash === ledger.itemHash) return;
  throw new SourceError(`The items of ${ledger.table} are not those that were exported`, {
    got: `${counted(got.items, "item")}, hash ${got.itemHash}`,
    expected: `${counted(ledger.items, "item")}, hash ${ledger.itemHash}`,
    where: { source: what },
  });
}
