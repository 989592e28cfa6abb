import { checkedText, choice, flag, section, text, wholeNumber } from "../kinds";

const id = () => wholeNumber(1, Number.MAX_SAFE_INTEGER).optional();

/**
 * Letters, digits and `_.-/` only, put together as git allows it (git-check-ref-format): a subject contains no
 * wildcard.
 */
const isBranch = (name: string) =>
  /^[\w./-]+$/.test(name) &&
  !name.startsWith("refs/") &&
  name.split("/").every((part) => /^[^.-].*$|^\w$/.test(part) && !/\.\.|\.$|\.lock$/.test(part));

export const githubSchema = section({
  repository: text(/^[\w-]+\/(?!\.{1,2}$)[\w.-]{1,100}$/, "OWNER/REPOSITORY")
    .default("your_organisation/millrace")
    .meta({
      description:
        "The repository whose workflows may assume the plan, deploy and destroy roles. The default's underscore makes sure that it exists nowhere.",
      examples: ["octo-org/millrace"],
    }),
  ownerId: id().meta({
    description:
      "GitHub's id of its owner. Tokens of repositories made or renamed since 2026-07-15 name it; `npm run github:check -- --ask-github` sets it.",
    examples: [583231],
  }),
  repositoryId: id().meta({ description: "GitHub's id of the repository, with `ownerId`.", examples: [1296269] }),
  legacySubject: flag()
    .default(false)
    .meta({
      description:
        "Whether tokens without the ids are trusted, too. Set it for a repository older than 2026-07-15, until its tokens have the ids. While the ids are unset, only tokens without them are trusted.",
      examples: [true],
    }),
  branch: checkedText(isBranch, "a branch name of letters, digits and . _ - /, without refs/heads/")
    .default("main")
    .meta({ description: "The branch whose scheduled drift check may assume the plan role.", examples: ["release"] }),
  oidcProvider: choice(["create", "existing"])
    .default("create")
    .meta({
      description: "Whether the account already has GitHub's OIDC provider: an account can have only one.",
      examples: ["existing"],
    }),
})
  .refine(({ ownerId, repositoryId }) => ownerId !== undefined || repositoryId === undefined, {
    path: ["ownerId"],
    error: "an id, since github.repositoryId is set: a subject names both",
  })
  .refine(({ ownerId, repositoryId }) => ownerId === undefined || repositoryId !== undefined, {
    path: ["repositoryId"],
    error: "an id, since github.ownerId is set: a subject names both",
  });
