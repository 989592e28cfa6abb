/** What stands in the place of what a page does not show. */
export const LEFT_OUT = "(left out)";

/** A message without the values that it quotes: they come from the data. */
export function withoutQuotes(message: string): string {
  return message.replace(/"(?:[^"\\]|\\.)*(?:"|$)/gs, LEFT_OUT);
}
