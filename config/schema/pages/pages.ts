import * as z from "zod";
import { checkedText, flag, section, text } from "../../kinds";
import { isScheduleExpression } from "../../rules/schedule-expression";
import { stepSchema } from "../pipelines/steps";
import { pagesQuicksightSchema } from "./pages-quicksight";
import { pagesWebSchema } from "./pages-web";

/** The value of `refresh` for pages that each run makes. */
export const AFTER_EACH_RUN = "after each run";

/** They are in the function's environment, which has room for 4 KB in all ("Lambda quotas", Lambda developer guide). */
const LONGEST_HIDE = 2000;
const HIDE_ALLOWED = `a list of \`column\`, of any table, or \`table.column\`, of up to ${LONGEST_HIDE} characters as JSON`;

const columnName = text(
  /^[^.\s"]+(\.[^.\s"]+){0,2}$/,
  "`column`, `table.column` or `schema.table.column`, without spaces or quotes",
);

export const pagesSchema = section({
  enabled: flag()
    .default(true)
    .meta({
      description: "Whether pages are made on AWS, into a bucket of their own.",
      examples: [false],
    }),
  refresh: checkedText(
    isRefresh,
    `"${AFTER_EACH_RUN}", rate(1 hour), rate(N minutes|hours|days) or cron() of six fields with ? in one of the two day fields`,
  )
    .default(AFTER_EACH_RUN)
    .meta({
      description:
        "When pages are made on AWS. A schedule is in UTC; pages of pipelines fed by a queue always have one.",
      examples: ["rate(1 hour)"],
    }),
  hide: z
    .array(columnName, "a list of columns")
    .refine((columns) => JSON.stringify(columns).length <= LONGEST_HIDE, HIDE_ALLOWED)
    .default([])
    .meta({
      allowed: HIDE_ALLOWED,
      description:
        "Columns that no page shows. If any is named, pages show no raw text of rejected rows and no values quoted in messages.",
      examples: [["customer_email", "sales.note"]],
    }),
  function: stepSchema("The Lambda function that makes the pages from the database.", {
    memoryMb: 512,
    timeoutSeconds: 120,
    reservedConcurrency: 2,
  }),
  web: pagesWebSchema,
  quicksight: pagesQuicksightSchema,
})
  .prefault({})
  .refine(({ enabled, web }) => enabled || !web.enabled, {
    path: ["web", "enabled"],
    error: "false where pages.enabled is false: there are no pages to open without it",
  })
  .meta({ description: "The pages that show what the pipelines have stored." });

/** A single moment would refresh the pages only once. */
function isRefresh(value: string): boolean {
  return value === AFTER_EACH_RUN || (isScheduleExpression(value) && !value.startsWith("at("));
}
