/** What changes how text is read without being seen: control characters, and those of right-to-left text. */
const UNSEEN = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;
/** Everything that Markdown, HTML or GitHub (mentions, issue numbers, tables) gives a meaning to. */
const MEANINGFUL = /[&<>|`@#*_~[\]\\!:$]/g;

/** Text of somebody else's as one line whose every character is seen. */
export function oneLine(text: string): string {
  return text.replace(UNSEEN, (sign) => {
    if (sign === "\n") return "\\n";
    return `\\u${(sign.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`;
  });
}

/** Text of somebody else's for running Markdown or a table's cell: it stays text. */
export function escapeMarkdown(text: string): string {
  return oneLine(text).replace(MEANINGFUL, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** Text of somebody else's as code, in running Markdown or a table's cell. */
export function inlineCode(text: string): string {
  const line = oneLine(text);
  return /[`|]/.test(line) || line.trim() !== line || line === ""
    ? `<code>${escapeMarkdown(line)}</code>`
    : `\`${line}\``;
}

/** Lines of somebody else's as a block of code that none of them can end. */
export function codeBlock(language: string, lines: readonly string[]): readonly string[] {
  const shown = lines.map(oneLine);
  const longest = Math.max(2, ...shown.flatMap((line) => line.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = "`".repeat(longest + 1);
  return [`${fence}${language}`, ...shown, fence];
}
