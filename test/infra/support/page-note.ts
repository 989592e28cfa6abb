/** A message of success without what it says of the page, which is around what the pipeline says of its run. */
export function withoutPage(message: unknown): string {
  const [, inner = message] = /^States\.Format\('\{\}\nPage: [^']*', (.*)\)$/s.exec(String(message)) ?? [];
  return String(inner);
}
