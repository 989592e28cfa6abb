/** Overrides of an environment's file: any part of it, as JSON. */
export type Overrides = { readonly [key: string]: unknown };

/**
 * Lays overrides over a configuration, key by key. Lists and values are replaced whole, and so is a section
 * whose `mode` changes: `network: {mode: "existing", …}` over `{mode: "create", cidr: …}` keeps no `cidr`.
 */
export function override(base: Overrides, over: Overrides): Overrides {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = base[key];
    merged[key] = isSection(below) && isSection(value) && sameMode(below, value) ? override(below, value) : value;
  }
  return merged;
}

function sameMode(below: Overrides, over: Overrides): boolean {
  return over.mode === undefined || over.mode === below.mode;
}

/** Whether a value is an object with keys, not a list. */
export function isSection(value: unknown): value is Overrides {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
