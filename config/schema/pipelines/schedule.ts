import type * as z from "zod";
import { checkedText, flag, section, wholeNumber } from "../../kinds";
import { isScheduleExpression } from "../../rules/schedule-expression";
import { isTimeZone } from "../../rules/time-zone";

const timeZone = () => checkedText(isTimeZone, "an IANA time zone in its official spelling, for example Europe/Berlin");

/** When a pipeline starts: EventBridge Scheduler's own syntax. */
export const scheduleSchema = (expression: string) =>
  section({
    enabled: flag()
      .default(true)
      .meta({ description: "Whether the schedule starts it.", examples: [false] }),
    expression: checkedText(
      isScheduleExpression,
      "rate(1 day), rate(N minutes|hours|days), cron() of six fields with ? in one of the two day fields, or at(yyyy-mm-ddThh:mm:ss)",
    )
      .default(expression)
      .meta({ description: "When it starts.", examples: ["cron(0 7 ? * MON-FRI *)"] }),
    expectedEveryHours: wholeNumber(1, 168)
      .optional()
      .meta({
        description:
          "Hours within which a run must succeed; otherwise an alarm is raised. Unset: the longest pause of the expression, plus two hours, plus a run's time limit. If that exceeds 168, or the expression depends on days of the month, a message is sent instead for each due start that has no success two hours plus a run's time limit later.",
        examples: [30],
      }),
    timeZone: timeZone()
      .default("UTC")
      .meta({ description: "The time zone of the expression.", examples: ["Europe/Berlin"] }),
  })
    .prefault({})
    .meta({ description: "When the pipeline starts automatically." });

export type ScheduleConfig = Readonly<z.output<ReturnType<typeof scheduleSchema>>>;
