import { flag, section, text } from "../kinds";

export const stateSchema = section({
  backendFile: text(/\.json$/, "a path that ends with .json")
    .default("config/backend.{environment}.json")
    .meta({
      description:
        "Where `npm run bootstrap` writes the state backend's names and the stacks read them; `{environment}` is replaced. Until then, local state is kept beside it.",
      examples: ["config/state-of-{environment}.json"],
    }),
  protected: flag()
    .default(true)
    .meta({
      description:
        "Keeps state bucket and lock table from being destroyed. Only `npm run bootstrap -- --destroy` turns it off.",
      examples: [false],
    }),
});
