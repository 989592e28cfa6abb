/** Where a text stops being JSON; both begin at 1. */
export interface TextPlace {
  readonly line: number;
  readonly character: number;
}

/**
 * Finds it by the shortest beginning of the text that no end could make JSON: not all messages of `JSON.parse` have a position.
 *
 * @param text no JSON. One that only ends too early stops being JSON at its end.
 */
export function findJsonBreak(text: string): TextPlace {
  let [whole, broken] = [0, text.length + 1];
  while (broken - whole > 1) {
    const middle = Math.floor((whole + broken) / 2);
    if (mayGoOn(text.slice(0, middle))) whole = middle;
    else broken = middle;
  }
  const lines = text.slice(0, whole).split("\n");
  return { line: lines.length, character: (lines.at(-1)?.length ?? 0) + 1 };
}

function mayGoOn(beginning: string): boolean {
  try {
    JSON.parse(beginning);
    return true;
  } catch (error) {
    const { message } = error as Error;
    const [, position] = /at position (\d+)/.exec(message) ?? [];
    return message.includes("end of JSON") || Number(position) >= beginning.length;
  }
}
