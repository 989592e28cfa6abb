import { choice, section, text } from "../kinds";

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
