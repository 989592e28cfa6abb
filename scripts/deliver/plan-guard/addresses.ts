/** Appends the addresses in a text to the previous ones. Spaces separate them, except within an index: `a.b["x y"]`. */
export function addAddresses(text: string, before: readonly string[]): readonly string[] {
  const addresses = text.match(/(?:\[[^\]]*\]|\S)+/g) ?? [];
  return [...before, ...addresses];
}
