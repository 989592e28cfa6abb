/** GitHub refuses a comment with more characters. */
export const COMMENT_LIMIT = 65_536;
/** GitHub refuses a step's summary with more bytes ("Workflow commands", 1 MiB). */
export const SUMMARY_LIMIT = 1_048_576;

export interface Cut {
  readonly limit: number;
  /** The length of a text in the limit's unit. @default JavaScript's characters */
  readonly measure?: (text: string) => number;
  /** Markdown that says where to find the rest. */
  readonly note: string;
}

/** Cuts a text between two lines, closes open elements, and says so. A text within the limit is unchanged. */
export function cutMarkdown(text: string, { limit, measure = (part) => part.length, note }: Cut): string {
  if (measure(text) <= limit) return text;
  const kept: string[] = [];
  const end = `\n\n> [!NOTE]\n> ${note}\n`;
  const open = new OpenBlocks();
  let room = limit - measure(end);
  for (const line of text.split("\n")) {
    const cost = measure(`${line}\n`);
    if (cost > room - MOST_TO_CLOSE) break;
    room -= cost;
    kept.push(line);
    open.read(line);
  }
  return [...kept, ...open.closing()].join("\n") + end;
}

/** Characters for closing a fence and the details around it. */
const MOST_TO_CLOSE = 300;

class OpenBlocks {
  #fence: string | undefined;
  #details = 0;

  read(line: string): void {
    const fence = /^`{3,}/.exec(line)?.[0];
    if (this.#fence !== undefined) {
      if (line === this.#fence) this.#fence = undefined;
    } else if (fence !== undefined) this.#fence = fence;
    else if (line.startsWith("<details>")) this.#details += 1;
    else if (line.startsWith("</details>")) this.#details -= 1;
  }

  closing(): readonly string[] {
    return [...(this.#fence === undefined ? [] : [this.#fence]), ...Array(this.#details).fill("\n</details>")];
  }
}
