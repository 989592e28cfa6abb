import type * as z from "zod";
import { checkedText, choice, flag, httpUrl, section, text, wholeNumber } from "../kinds";

const timeZone = () =>
  checkedText((zone) => {
    try {
      return new Intl.DateTimeFormat("en", { timeZone: zone }).format(0) !== "";
    } catch {
      return false;
    }
  }, "an IANA time zone, for example Europe/Berlin");

/** When a pipeline starts: EventBridge Scheduler's own syntax. */
export const scheduleSchema = (expression: string) =>
  section({
    enabled: flag()
      .default(true)
      .meta({ description: "Whether the schedule starts it.", examples: [false] }),
    expression: text(
      /^(rate\([1-9]\d* (minute|hour|day)s?\)|cron\((\S+ ){5}\S+\))$/,
      "rate(N minutes|hours|days) or cron() of six fields",
    )
      .default(expression)
      .meta({ description: "When it starts.", examples: ["cron(0 7 ? * MON-FRI *)"] }),
    timeZone: timeZone()
      .default("UTC")
      .meta({ description: "The time zone of the expression.", examples: ["Europe/Berlin"] }),
  })
    .prefault({})
    .meta({ description: "When the pipeline starts by itself." });

/** Memory, time and concurrency of one step's Lambda function. */
export const stepSchema = (does: string, { memoryMb, timeoutSeconds }: { memoryMb: number; timeoutSeconds: number }) =>
  section({
    memoryMb: wholeNumber(128, 10_240)
      .default(memoryMb)
      .meta({ description: "Memory in MB; CPU comes in proportion, one at 1,769.", examples: [1769] }),
    timeoutSeconds: wholeNumber(1, 900)
      .default(timeoutSeconds)
      .meta({ description: "Seconds after which Lambda ends it.", examples: [900] }),
    reservedConcurrency: wholeNumber(1, 1000)
      .nullable()
      .default(1)
      .meta({
        allowed: "a whole number from 1 to 1000, or null",
        description: "How many may run at once; null in an account whose quota leaves nothing to reserve.",
        examples: [2],
      }),
  })
    .prefault({})
    .meta({ description: does });

const covidSchema = section({
  enabled: flag()
    .default(true)
    .meta({ description: "Whether the pipeline is deployed.", examples: [false] }),
  schedule: scheduleSchema("cron(30 6 * * ? *)"),
  sources: section({
    cases: httpUrl()
      .default("https://raw.githubusercontent.com/nytimes/covid-19-data/master/us.csv")
      .meta({ description: "The New York Times' cases and deaths.", examples: ["https://example.com/us.csv"] }),
    recoveries: httpUrl()
      .default("https://raw.githubusercontent.com/datasets/covid-19/master/data/time-series-19-covid-combined.csv")
      .meta({ description: "Johns Hopkins' recoveries.", examples: ["https://example.com/time-series.csv"] }),
  })
    .prefault({})
    .meta({ description: "Where the two CSV files come from." }),
  join: choice(["left", "inner"])
    .default("left")
    .meta({ description: "Keep days without a recoveries figure (left) or drop them (inner).", examples: ["inner"] }),
  maxRejected: text(/^\d+(\.\d+)?%$|^\d+$/, "a number of rows, or a share as N%")
    .default("0")
    .meta({ description: "Rejected rows above which a run fails and loads nothing.", examples: ["1%"] }),
  steps: section({
    fetch: stepSchema("Downloads both sources into the raw bucket.", { memoryMb: 512, timeoutSeconds: 120 }),
    load: stepSchema("Parses, merges and upserts them.", { memoryMb: 1024, timeoutSeconds: 300 }),
  })
    .prefault({})
    .meta({ description: "The pipeline's Lambda functions." }),
})
  .prefault({})
  .meta({ description: "The daily feed of cases, deaths and recoveries." });

/** One entry a pipeline. */
export const pipelinesSchema = section({ covid: covidSchema });

export type ScheduleConfig = Readonly<z.output<ReturnType<typeof scheduleSchema>>>;
export type StepConfig = Readonly<z.output<ReturnType<typeof stepSchema>>>;
