const TYPED = /^(?=.*\d)[\s\d.,:/+\-()'TZ%€$£]+$/u;
/** The share that is nearly all. */
export const MOSTLY = 0.9;

/** Whether a field looks like a number or a time. */
export function isTyped(field: string): boolean {
  return TYPED.test(field);
}

/**
 * Whether the first row has the names of the others: positive if numbers or times are below texts, negative if its fields
 * are such themselves, or appear below again.
 */
export function headerVotes([first = [], ...rows]: readonly (readonly string[])[]): number {
  let votes = 0;
  for (const [at, name] of first.entries()) {
    if (name.trim() === "") continue;
    const below = rows.flatMap((row) => row[at] ?? []).filter((field) => field !== "");
    const isNumeric = below.length > 0 && below.filter(isTyped).length >= below.length * MOSTLY;
    if (isTyped(name)) {
      // Years may be names of columns, too, if the fields below are not years.
      const isYear = /^(19|20)\d\d$/.test(name) && !below.every((field) => /^(19|20)\d\d$/.test(field));
      if (!isYear || below.length === 0) votes -= isNumeric || below.length === 0 ? 1 : 0;
    } else if (isNumeric) votes += 1;
    else if (below.includes(name)) votes -= 1;
  }
  return votes;
}
