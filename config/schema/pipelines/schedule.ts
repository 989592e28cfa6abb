import type * as z from "zod";
import { checkedText, flag, section, wholeNumber } from "../../kinds";
import { isScheduleExpression } from "../../rules/schedule-expression";
import { isTimeZone } from "../../rules/time-zone";

const timeZone = () => checkedText(isTimeZone, "an IANA time zone as it is written there, for example Europe/Berlin");

/** When a pipeline starts: EventBridge Scheduler's own syntax. */
export const scheduleSchema = (expression: string) =>
  section({
    enabled: flag()
      .default(true)
      .meta({ description: "Whether the schedule starts it.", examples: [false] }),
    expression: checkedText(
      isScheduleExpression,
      "rate(1 day), rate(N minutes|hours|days), cron() of six fields with ? for one of the days, or at(yyyy-mm-ddThh:mm:ss)",
    )
      .default(expression)
      .meta({ description: "When it starts.", examples: ["cron(0 7 ? * MON-FRI *)"] }),
    expectedEveryHours: wholeNumber(1, 168)
      .optional()
      .meta({
        description:
          "Hours within which a run must have succeeded, or an alarm comes. Unset: the longest pause of the expression, two hours and what a run may take; where that is over 168, or days of a month choose, a message comes instead two hours and what a run may take after each start that was due.",
        examples: [30],
      }),
    timeZone: timeZone()
      .default("UTC")
      .meta({ description: "The time zone of the expression.", examples: ["Europe/Berlin"] }),
  })
    .prefault({})
    .meta({ description: "When the pipeline starts by itself." });

export type ScheduleConfig = Readonly<z.output<ReturnType<typeof scheduleSchema>>>;
