import { section, text } from "../kinds";

export const artifactsSchema = section({
  directory: text(/^[^/\s].*[^/]$/, "a relative path without a slash at its end")
    .default("dist")
    .meta({ description: "Where `npm run build` writes the layer and the handlers.", examples: ["build"] }),
  keyPrefix: text(
    /^(?=.{1,200}$)[\w-]+(\/[\w-]+)*$/,
    "a key prefix of up to 200 characters without a slash at its ends",
  )
    .default("lambda")
    .meta({ description: "Prefix of their zip files in the artifact bucket.", examples: ["releases/lambda"] }),
});
