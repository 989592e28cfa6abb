import { isDateInPlace } from "../../../etl/core/fetch/date-in-address";
import { choice, flag, httpUrl, keyArn, rejectedLimit, secretArn, section } from "../../kinds";
import { recipientsSchema } from "../notifications";
import { checksSchema } from "./checks";
import { scheduleSchema } from "./schedule";
import { stepSchema } from "./steps";

const address = (source: string) =>
  httpUrl(`; if it needs one, set pipelines.covid.credentials.${source}.secretArn`).refine(
    isDateInPlace,
    "a URL with {date} in its path or query only",
  );

const credentials = (source: string) =>
  section({
    secretArn: secretArn()
      .optional()
      .meta({
        description: `A secret whose plain text is the whole address of \`${source}\`, such as https://user:password@host/path; read at each run, in place of \`sources.${source}\`; with \`{date}\` as there.`,
        examples: ["arn:aws:secretsmanager:eu-central-1:111122223333:secret:feed-AbCdEf"],
      }),
    secretKeyArn: keyArn()
      .optional()
      .meta({
        description: "The customer managed key of that secret, if it has one.",
        examples: ["arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"],
      }),
  })
    .prefault({})
    .meta({ description: `For the source \`${source}\`.` });

const DATED = "`{date}` in its path or query is the run's day, YYYY-MM-DD: each run downloads its own.";

export const covidSchema = section({
  enabled: flag()
    .default(true)
    .meta({ description: "Whether the pipeline is deployed.", examples: [false] }),
  schedule: scheduleSchema("cron(30 6 * * ? *)"),
  sources: section({
    cases: address("cases")
      .default("https://raw.githubusercontent.com/nytimes/covid-19-data/master/us.csv")
      .meta({
        description: `The New York Times' cases and deaths. ${DATED}`,
        examples: ["https://example.com/us.csv"],
      }),
    recoveries: address("recoveries")
      .default("https://raw.githubusercontent.com/datasets/covid-19/master/data/time-series-19-covid-combined.csv")
      .meta({ description: `Johns Hopkins' recoveries. ${DATED}`, examples: ["https://example.com/time-series.csv"] }),
  })
    .prefault({})
    .meta({ description: "Where the two CSV files come from." }),
  credentials: section({ cases: credentials("cases"), recoveries: credentials("recoveries") })
    .prefault({})
    .meta({ description: "Addresses that contain a credential." }),
  join: choice(["left", "inner"])
    .default("left")
    .meta({ description: "Keep days without a recoveries figure (left) or drop them (inner).", examples: ["inner"] }),
  maxRejected: rejectedLimit()
    .default("0")
    .meta({ description: "Rejected rows above which a run fails and loads nothing.", examples: ["1%"] }),
  missingRecoveries: choice(["fail", "keep"])
    .default("fail")
    .meta({
      description:
        "What a run does if the recoveries have no row for the United States as a whole: fail, or load the rest and keep the known recoveries.",
      examples: ["keep"],
    }),
  history: choice(["full", "changes", "none"])
    .default("full")
    .meta({
      description:
        "What runs keep of what they did: the values of changed days and the keys of new ones (full: a run can be undone, and the table read as it was), only the values (changes), or nothing (none).",
      examples: ["changes"],
    }),
  checks: checksSchema,
  recipients: recipientsSchema,
  steps: section({
    fetch: stepSchema("Downloads both sources into the raw bucket.", { memoryMb: 512, timeoutSeconds: 120 }),
    load: stepSchema("Parses, merges and upserts them.", { memoryMb: 1024, timeoutSeconds: 300 }),
  })
    .prefault({})
    .meta({ description: "The pipeline's Lambda functions." }),
})
  .prefault({})
  .meta({ description: "Daily cases, deaths and recoveries, from two sources." });
