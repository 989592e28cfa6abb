import { httpUrl, section, text } from "../kinds";

export const awsSchema = section({
  region: text(/^[a-z]{2}(-[a-z]+)+-\d$/, "a region's code, for example eu-central-1")
    .default("eu-central-1")
    .meta({ description: "Region of every resource.", examples: ["us-east-1"] }),
  accountId: text(/^\d{12}$/, "an account's 12 digits")
    .optional()
    .meta({
      description: "The only account that Terraform may touch; unset, any account.",
      examples: ["111122223333"],
    }),
  endpoint: httpUrl()
    .optional()
    .meta({ description: "An emulated AWS that answers for every service.", examples: ["http://127.0.0.1:5000"] }),
});
