import { UsageError } from "../../../etl/core/errors";

/** A pipeline's name in the forms that its files use. */
export interface PipelineName {
  /** `daily-sales`. */
  readonly name: string;
  /** `dailySales`. */
  readonly camel: string;
  /** `DailySales`. */
  readonly pascal: string;
  /** `daily_sales`. */
  readonly table: string;
}

/**
 * What is left of IAM's 64 characters for a role's name after the longest project (16) and environment (12), their
 * hyphens, and the longest end, `-overdue-schedule`.
 */
export const LONGEST_NAME = 17;
/** What the stack itself, or a table that all pipelines share, is called. */
const RESERVED = [
  ...["platform", "database", "dashboard", "archive", "random", "account"],
  ...["etl", "network", "raw", "incoming", "artifacts", "access-log", "runtime", "notifications", "sql", "pages"],
  ...["retention", "pages-log", "pages-link"],
  ...["etl-run", "revision", "rejected-row", "import-run", "import-object", "import-chunk", "millrace"],
];
/** What a pipeline's own resources end with, besides its steps. */
const OWN_ENDS = [
  ...["schedule", "files", "files-start", "files-dead-letters", "dead-letters"],
  ...["overdue", "overdue-schedule", "render-schedule", "notifications"],
];

/**
 * @param others the pipelines that there are, each with the names of its steps
 * @throws UsageError where the name has another form, is taken, or would collide with what another pipeline makes
 */
export function parsePipelineName(text: string, others: ReadonlyMap<string, readonly string[]>): PipelineName {
  const refuse = (headline: string, expected: string) =>
    new UsageError(headline, { got: JSON.stringify(text), expected, fix: "Take another name" });
  if (!/^[a-z][a-z0-9]*(-[a-z][a-z0-9]*)*$/.test(text)) {
    throw refuse("A pipeline's name is in kebab-case", "lower-case words with hyphens between, as daily-sales");
  }
  if (text.length < 2 || text.length > LONGEST_NAME) {
    const why = "AWS limits the names of what it is made of";
    throw refuse(`A pipeline's name has another length: ${why}`, `2 to ${LONGEST_NAME} characters`);
  }
  if (RESERVED.includes(text)) throw refuse("The name is taken by the stack", `none of ${RESERVED.join(", ")}`);
  if (others.has(text))
    throw refuse("There is such a pipeline, or contract of import", `none of ${[...others.keys()].join(", ")}`);
  for (const [other, steps] of others) {
    const clash = [...OWN_ENDS, ...steps].find(
      (end) => text === `${other}-${end}` || ((OWN_ENDS.includes(end) || end === "load") && other === `${text}-${end}`),
    );
    if (clash !== undefined) {
      throw refuse(`The pipeline ${other} and this one would have resources of one name`, `no ${other}-${clash}`);
    }
  }
  const words = text.split("-");
  const pascal = words.map((word) => `${word[0]?.toUpperCase()}${word.slice(1)}`).join("");
  return { name: text, pascal, camel: `${words[0]}${pascal.slice(words[0]?.length)}`, table: words.join("_") };
}
