import * as z from "zod";
import { choice, section } from "../kinds";

/** CloudWatch Logs, PutRetentionPolicy. */
const retentionDays = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557] as const;

export const logsSchema = section({
  retentionDays: z
    .literal([...retentionDays], `one of ${retentionDays.join(", ")}`)
    .default(30)
    .meta({
      allowed: `one of ${retentionDays.join(", ")}`,
      description: "Days that log groups keep their events.",
      examples: [365],
    }),
  // Not ERROR: alarms refer to warnings in the log.
  level: choice(["DEBUG", "INFO", "WARN"])
    .default("INFO")
    .meta({
      description: "The lowest level that functions log. With WARN, a run that succeeds leaves no line of its own.",
      examples: ["WARN"],
    }),
})
  .prefault({})
  .meta({ description: "CloudWatch Logs." });
