import type * as z from "zod";
import { LONGEST_RESOURCE_NAME } from "../schema/feeds";
import { isNamePart } from "./names";

/** As a name of PostgreSQL: the table has it. */
const LONGEST_NAME = 63;
/** Owners of migrations: feeds share the tables of `import`, and all share those of `core`. */
const OWNERS = ["core", "import"];
/** Names of the stack's own resources, and of shared tables. */
export const RESERVED_NAMES: readonly string[] = [
  ...OWNERS,
  ...["platform", "database", "dashboard", "archive", "random", "account"],
  ...["etl", "network", "raw", "incoming", "artifacts", "access-log", "runtime", "notifications", "sql", "pages"],
  ...["retention", "export", "pages-log", "pages-link", "webhook", "webhooks", "quicksight"],
  ...[
    "etl-run",
    "revision",
    "rejected-row",
    "import-run",
    "import-object",
    "import-chunk",
    "import-target",
    "import-steps",
    "feeds",
  ],
  "millrace",
];
/** How the names of a pipeline's or feed's resources end, apart from its steps. */
const OWN_ENDS = [
  ...["schedule", "files", "files-start", "files-dead-letters", "dead-letters"],
  ...["overdue", "overdue-schedule", "render-schedule", "notifications"],
];

interface Named {
  readonly steps: Readonly<Record<string, unknown>>;
}

interface WithNames {
  readonly pipelines: Readonly<Record<string, Named>>;
  readonly feeds: Readonly<Record<string, Named & { readonly resourceName?: string }>>;
}

/** Whether two would have resources of the same name on AWS: returns how that name ends. */
export function clashOf(one: string, steps: readonly string[], other: string): string | undefined {
  return [...OWN_ENDS, ...steps].find((end) => other === `${one}-${end}`);
}

/**
 * Refuses names of feeds that are taken: by a pipeline, an owner of tables, the stack, or a resource of another feed.
 */
export function checkFeedNames({ pipelines, feeds }: WithNames, context: z.core.$RefinementCtx): void {
  const taken = [...Object.keys(pipelines), ...RESERVED_NAMES];
  const made = new Map(Object.entries(pipelines).map(([name, { steps }]) => [name, Object.keys(steps)]));
  for (const [name, { resourceName = name, steps }] of Object.entries(feeds)) {
    const refuse = (message: string, path: readonly string[], input: string) =>
      context.issues.push({ code: "custom", input, path: ["feeds", ...path], message, continue: true });
    if (!isNamePart(name, LONGEST_NAME)) {
      refuse(
        `2 to ${LONGEST_NAME} lower-case letters, digits and single hyphens, a letter first, no hyphen last`,
        [name],
        name,
      );
      continue;
    }
    if (taken.includes(name)) {
      refuse("a name that no pipeline, no owner of tables and nothing of the stack has", [name], name);
      continue;
    }
    const isUnset = resourceName === name;
    const at = isUnset ? [name] : [name, "resourceName"];
    if (!isNamePart(resourceName, LONGEST_RESOURCE_NAME)) {
      refuse(
        `a name of at most ${LONGEST_RESOURCE_NAME} characters, or a shorter resourceName: AWS limits the names of its resources`,
        at,
        resourceName,
      );
    }
    if (!isUnset && resourceName !== "import" && taken.includes(resourceName))
      refuse("a name that is not taken", at, resourceName);
    const own = Object.keys(steps);
    for (const [other, others] of made) {
      const clash =
        other === resourceName ? "" : (clashOf(resourceName, own, other) ?? clashOf(other, others, resourceName));
      if (clash !== undefined) refuse(`a name whose resources differ in name from those of ${other}`, at, resourceName);
    }
    made.set(resourceName, own);
  }
}
