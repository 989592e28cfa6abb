/** A configuration that the schema refuses. One line a key: its path, what was got and what is allowed. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";

  constructor(source: string, problems: readonly string[], cause?: unknown) {
    super(`The configuration ${source} is refused:\n${problems.map((problem) => `  ${problem}`).join("\n")}`, {
      cause,
    });
  }
}
