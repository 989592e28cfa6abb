/** A text as one word of a command to copy: as it is, or quoted where a shell of Unix would read something into it. */
export function shellWord(text: string): string {
  return /^[\w./:@%+,=-]+$/.test(text) ? text : quoteWord(text);
}

export function quoteWord(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
