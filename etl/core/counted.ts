/** `1 row`, `12 rows`: a number with the word for what it counts. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** The same for large numbers, whose thousands it divides: `1,200 rows`. */
export function amountOf(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? one : many}`;
}
