import { counted } from "../../core/counted";
/** The number of objects that a message names: the first ones. */
export const MOST_NAMED = 5;

/** `a; b; and 10 more` */
export function nameSome(first: readonly string[], all: number): string {
  const more = all - first.length;
  return [...first, ...(more > 0 ? [`and ${more} more`] : [])].join("; ");
}

/** `1 object was`, `12 objects were` */
export function countObjects(count: number, one = "was", many = "were"): string {
  return counted(count, `object ${one}`, `objects ${many}`);
}
