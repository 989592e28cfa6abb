/** Invisible characters that change how text reads: control characters, and those of right-to-left text. */
const UNSEEN = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;
/** All characters with a meaning in Markdown, HTML or GitHub (mentions, issue numbers, tables). */
const MEANINGFUL = /[&<>|`@#*_~[\]\\!:$]/g;

/** Foreign text as one line in which every character is visible. */
export function oneLine(text: string): string {
  return text.replace(UNSEEN, (sign) => {
    if (sign === "\n") return "\\n";
    return `\\u${(sign.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`;
  });
}

/** Foreign text for running Markdown or a table cell: it stays text. */
export function escapeMarkdown(text: string): string {
  return oneLine(text).replace(MEANINGFUL, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** Foreign text as code, in running Markdown or a table cell. */
export function inlineCode(text: string): string {
  const line = oneLine(text);
  return /[`|]/.test(line) || line.trim() !== line || line === ""
    ? `<code>${escapeMarkdown(line)}</code>`
    : `\`${line}\``;
}

/** Foreign lines as a code block that none of them can end. */
export function codeBlock(language: string, lines: readonly string[]): readonly string[] {
  const shown = lines.map(oneLine);
  const longest = Math.max(2, ...shown.flatMap((line) => line.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = "`".repeat(longest + 1);
  return [`${fence}${language}`, ...shown, fence];
}
