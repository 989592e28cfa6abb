/** A configuration that the schema refuses. One line per key: its path, the value got and the values allowed. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";

  constructor(source: string, problems: readonly string[], cause?: unknown) {
    super(`The configuration ${source} is refused:\n${problems.map((problem) => `  ${problem}`).join("\n")}`, {
      cause,
    });
  }
}
