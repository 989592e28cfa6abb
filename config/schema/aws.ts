import * as z from "zod";
import { choice, flag, httpUrl, section, text } from "../kinds";

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

export const stateSchema = section({
  backendFile: text(/\.json$/, "a path that ends with .json")
    .default("config/backend.{environment}.json")
    .meta({
      description:
        "Where `npm run bootstrap` writes the state backend's names and the stacks read them; `{environment}` is replaced. Local state lies beside it until then.",
      examples: ["config/backend.{environment}.json"],
    }),
  protected: flag()
    .default(true)
    .meta({
      description:
        "Keeps state bucket and lock table from being destroyed. Turned off by `npm run bootstrap -- --destroy` alone.",
      examples: [false],
    }),
});

export const githubSchema = section({
  repository: text(/^[\w-]+\/[\w.-]+$/, "OWNER/REPOSITORY")
    .default("your_organisation/millrace")
    .meta({
      description:
        "The repository whose workflows may assume the plan, deploy and destroy roles. The default's underscore keeps it from being anybody's.",
      examples: ["octo-org/millrace"],
    }),
  branch: text(/^[\w./-]+$/, "a branch's name")
    .default("main")
    .meta({ description: "The branch whose scheduled drift check may assume the plan role.", examples: ["main"] }),
  oidcProvider: choice(["create", "existing"])
    .default("create")
    .meta({
      description: "Whether the account has GitHub's OIDC provider already: an account can have one only.",
      examples: ["existing"],
    }),
});

export const artifactsSchema = section({
  directory: text(/^[^/\s].*[^/]$/, "a relative path without a slash at its end")
    .default("dist")
    .meta({ description: "Where `npm run build` writes the layer and the handlers.", examples: ["dist"] }),
  keyPrefix: text(/^[\w-]+(\/[\w-]+)*$/, "a key prefix without a slash at its ends")
    .default("lambda")
    .meta({ description: "Where in the artifact bucket their zips are kept.", examples: ["releases/lambda"] }),
});

export const notificationsSchema = section({
  emails: z
    .array(z.email("an e-mail address"), "a list of e-mail addresses")
    .default([])
    .meta({
      allowed: "a list of e-mail addresses",
      description: "Who is told how each run ended. Every address must confirm AWS's first message.",
      examples: [["data-team@example.com"]],
    }),
});
