import { flag, section, text } from "../kinds";

export const smokeTestSchema = section({
  pipeline: text(/^[a-z][a-z0-9-]*$/, "a pipeline's or feed's name")
    .optional()
    .meta({
      description: "The pipeline or feed that a deployment runs at its end; unset, the first one that can be started.",
      examples: ["sales"],
    }),
  needsSource: flag()
    .default(false)
    .meta({
      description:
        "Whether a source that does not answer fails the deployment, so that the next environment is not deployed.",
      examples: [true],
    }),
})
  .prefault({})
  .meta({ description: "The run that checks a deployment by GitHub Actions." });
