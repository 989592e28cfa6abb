import { flag, section, text } from "../kinds";

export const smokeTestSchema = section({
  pipeline: text(/^[a-z][a-z0-9-]*$/, "a pipeline's or feed's name")
    .optional()
    .meta({
      description: "What a deployment runs at its end; unset, the first pipeline that can be started.",
      examples: ["sales"],
    }),
  needsSource: flag()
    .default(false)
    .meta({
      description: "Whether a source that does not answer fails the deployment, so that no other environment follows.",
      examples: [true],
    }),
})
  .prefault({})
  .meta({ description: "The run that shows whether a deployment by GitHub Actions works." });
