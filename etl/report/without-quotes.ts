/** The replacement for hidden values on a page. */
export const LEFT_OUT = "(left out)";

/** A message without its quoted values, which come from the data. */
export function withoutQuotes(message: string): string {
  return message.replace(/"(?:[^"\\]|\\.)*(?:"|$)/gs, LEFT_OUT);
}
