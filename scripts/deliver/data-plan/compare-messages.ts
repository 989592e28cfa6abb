/** The messages of `orders` of two sides, compared by customer. */
export interface MessageDifferences {
  readonly before: number;
  readonly after: number;
  readonly removed: number;
  readonly added: number;
  readonly changed: number;
  /** Changed messages, by field. */
  readonly fields: ReadonlyMap<string, number>;
  /** The first of those that differ: JSON, undefined where there is none. */
  readonly examples: readonly { readonly id: string; readonly before?: string; readonly after?: string }[];
}

const EXAMPLES = 10;

/** @param before lines of JSON, the last one of a customer counts */
export function compareMessages(before: readonly string[], after: readonly string[]): MessageDifferences {
  const [old, now] = [byCustomer(before), byCustomer(after)];
  const fields = new Map<string, number>();
  const examples: { id: string; before?: string; after?: string }[] = [];
  const totals = { removed: 0, added: 0, changed: 0 };
  for (const id of new Set([...old.keys(), ...now.keys()])) {
    const [one, other] = [old.get(id), now.get(id)];
    if (one === other) continue;
    totals[one === undefined ? "added" : other === undefined ? "removed" : "changed"] += 1;
    if (one !== undefined && other !== undefined)
      for (const field of differing(JSON.parse(one), JSON.parse(other)))
        fields.set(field, (fields.get(field) ?? 0) + 1);
    if (examples.length < EXAMPLES) examples.push({ id, before: one, after: other });
  }
  return { before: old.size, after: now.size, ...totals, fields, examples };
}

function byCustomer(lines: readonly string[]): ReadonlyMap<string, string> {
  return new Map(lines.map((line) => [String(JSON.parse(line).id), line]));
}

function differing(
  one: Readonly<Record<string, unknown>>,
  other: Readonly<Record<string, unknown>>,
): readonly string[] {
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return names.filter((name) => JSON.stringify(one[name]) !== JSON.stringify(other[name]));
}
