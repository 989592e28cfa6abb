import * as z from "zod";
import { ConfigError } from "../../../config/config-error";
import { dev } from "../../../config/dev";
import { overrideConfig } from "../../../config/load";
import { UsageError } from "../../../etl/core/errors";
import { contracts } from "../../../etl/feeds/feeds";

/** A feed's name in the forms that its files use. */
export interface FeedName {
  /** `daily-sales`. */
  readonly name: string;
  /** `dailySalesFeed`: never a reserved word of TypeScript. */
  readonly variable: string;
  /** `daily_sales`. */
  readonly table: string;
}

/** @throws UsageError if it is taken, or the configuration would refuse it */
export function parseFeedName(text: string): FeedName {
  const there = contracts.find(({ name, table }) => name === text || table === tableOf(text));
  if (there !== undefined) {
    const expected = `a name apart from ${contracts.map(({ name }) => name).join(", ")}`;
    throw new UsageError("There is already such a feed", {
      got: JSON.stringify(text),
      expected,
      fix: "Choose another name",
    });
  }
  try {
    overrideConfig(dev, { feeds: { [text]: {} } }, "of a feed with this name");
  } catch (cause) {
    const issues = cause instanceof ConfigError && cause.cause instanceof z.ZodError ? cause.cause.issues : [];
    const allowed = issues.filter(({ path }) => path[0] === "feeds" && path[1] === text).map(({ message }) => message);
    if (allowed.length === 0) throw cause;
    throw new UsageError("This is not a feed's name", {
      got: JSON.stringify(text),
      expected: allowed.join("; "),
      fix: "Choose another name",
      cause,
    });
  }
  const [first = "", ...others] = text.split("-");
  const capitals = [...others, "feed"].map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`);
  return { name: text, variable: [first, ...capitals].join(""), table: tableOf(text) };
}

function tableOf(name: string): string {
  return name.replaceAll("-", "_");
}
