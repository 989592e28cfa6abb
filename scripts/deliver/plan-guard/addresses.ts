/** Adds the addresses of a text to those before it. Spaces part them, but not within an index: `a.b["x y"]`. */
export function addAddresses(text: string, before: readonly string[]): readonly string[] {
  const addresses = text.match(/(?:\[[^\]]*\]|\S)+/g) ?? [];
  return [...before, ...addresses];
}
