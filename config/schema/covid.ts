import { choice, flag, httpUrl, rejectedLimit, section } from "../kinds";
import { scheduleSchema } from "./schedule";
import { stepSchema } from "./steps";

export const covidSchema = section({
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
  maxRejected: rejectedLimit()
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
