import { ConfigError } from "../../../config/config-error";
import { dev } from "../../../config/dev";
import { overrideConfig } from "../../../config/load";
import { UsageError } from "../../../etl/core/errors";
import { contracts } from "../../../etl/feeds/feeds";

/** A feed's name in the forms that its files use. */
export interface FeedName {
  /** `daily-sales`. */
  readonly name: string;
  /** `dailySalesFeed`: no word that TypeScript keeps for itself. */
  readonly variable: string;
  /** `daily_sales`. */
  readonly table: string;
}

/** @throws UsageError where it is taken, or the configuration would refuse it */
export function parseFeedName(text: string): FeedName {
  const there = contracts.find(({ name, table }) => name === text || table === tableOf(text));
  if (there !== undefined) {
    const expected = `a name apart from ${contracts.map(({ name }) => name).join(", ")}`;
    throw new UsageError("There is such a feed", { got: JSON.stringify(text), expected, fix: "Take another name" });
  }
  try {
    overrideConfig(dev, { feeds: { [text]: {} } }, "of a feed with this name");
  } catch (cause) {
    if (!(cause instanceof ConfigError)) throw cause;
    throw new UsageError("This is no name of a feed", { got: cause.message, fix: "Take another name", cause });
  }
  const [first = "", ...others] = text.split("-");
  const capitals = [...others, "feed"].map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`);
  return { name: text, variable: [first, ...capitals].join(""), table: tableOf(text) };
}

function tableOf(name: string): string {
  return name.replaceAll("-", "_");
}
