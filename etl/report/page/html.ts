/** Markup that is safe to put on a page: made by {@link html}, or declared safe by {@link trusted}. */
export class Html {
  readonly #markup: string;

  constructor(markup: string) {
    this.#markup = markup;
  }

  toString(): string {
    return this.#markup;
  }
}

type Content = Html | string | number | undefined | readonly Content[];

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/**
 * A template tag that escapes its values, except {@link Html}. Lists are joined, undefined is nothing.
 * Escaped text is safe between tags and in quoted attributes, not inside `<script>` or `<style>`.
 */
export function html(markup: TemplateStringsArray, ...contents: readonly Content[]): Html {
  return new Html(String.raw({ raw: markup }, ...contents.map(render)));
}

/** Our own markup, which needs no escaping: never pass text from outside. */
export function trusted(markup: string): Html {
  return new Html(markup);
}

/** A value as JSON for a `<script>` of the type application/json: no `<` can end the element. */
export function embedJson(value: unknown): Html {
  return new Html(JSON.stringify(value).replaceAll("<", "\\u003c"));
}

function render(content: Content): string {
  if (content === undefined) return "";
  if (content instanceof Html) return content.toString();
  if (typeof content === "object") return content.map(render).join("");
  return String(content).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
