import * as z from "zod";
import type { Frozen } from "./frozen";
import { checkedText, section } from "./kinds";
import { checkConnections } from "./rules/connections";
import { checkInstance } from "./rules/database-instance";
import { checkDoors } from "./rules/doors";
import { checkFeedNames } from "./rules/feed-names";
import { hasReservedBeginning, isBootstraps, isEnvironmentName, isNamePart } from "./rules/names";
import { checkRetention } from "./rules/retention";
import { checkSecrets } from "./rules/secrets";
import { checkTags, TAGS_ALLOWED } from "./rules/tags";
import { checkTexts } from "./rules/texts";
import { checkWebhookNames } from "./rules/webhook-names";
import { artifactsSchema } from "./schema/artifacts";
import { auditSchema } from "./schema/audit";
import { awsSchema } from "./schema/aws";
import { budgetSchema } from "./schema/budget";
import { dataPlanSchema } from "./schema/data-plan";
import { databaseSchema } from "./schema/database";
import { feedsSchema } from "./schema/feeds";
import { githubSchema } from "./schema/github";
import { lambdaSchema } from "./schema/lambda";
import { logsSchema } from "./schema/logs";
import { networkSchema } from "./schema/network";
import { notificationsSchema } from "./schema/notifications";
import { pagesSchema } from "./schema/pages/pages";
import { pipelinesSchema } from "./schema/pipelines";
import { retentionSchema } from "./schema/retention";
import { smokeTestSchema } from "./schema/smoke-test";
import { sqlSchema } from "./schema/sql";
import { stateSchema } from "./schema/state";

const projectName = checkedText(
  (text) => isNamePart(text, 16),
  "2 to 16 lower-case letters, digits and single hyphens, a letter first, no hyphen last",
);
const environmentName = checkedText(
  (text) => isEnvironmentName(text, 12),
  "2 to 12 lower-case letters and digits, a letter first, no hyphen",
);

/** Everything that an environment can set; docs/configuration.md is generated from it. */
export const configSchema = section({
  project: projectName
    .refine(
      (text) => !hasReservedBeginning(text),
      "another name: AWS refuses buckets or security groups that begin like this",
    )
    .refine((text) => !isBootstraps(text), "another name: the bootstrap's own resources begin like this")
    .default("millrace")
    .meta({ description: "First part of every resource's name.", examples: ["feeds"] }),
  environment: environmentName.meta({ description: "Second part of every resource's name.", examples: ["dev"] }),
  tags: z
    .record(z.string(), z.string("a text"), TAGS_ALLOWED)
    .superRefine(checkTags)
    .default({})
    .meta({
      allowed: TAGS_ALLOWED,
      description: "Tags of every resource, in addition to Project, Environment, Stack and ManagedBy.",
      examples: [{ CostCentre: "4711" }],
    }),
  aws: awsSchema.prefault({}).meta({ description: "Account, region and, for an emulated AWS, its endpoint." }),
  state: stateSchema.prefault({}).meta({ description: "Terraform's state." }),
  github: githubSchema.prefault({}).meta({ description: "Who may deploy from GitHub Actions." }),
  artifacts: artifactsSchema.prefault({}).meta({ description: "Where Lambda artifacts go." }),
  lambda: lambdaSchema,
  logs: logsSchema,
  notifications: notificationsSchema.prefault({}).meta({ description: "Who is notified of runs." }),
  budget: budgetSchema,
  network: networkSchema
    .prefault({ mode: "create" })
    .meta({ description: "The VPC of the database and of the functions that use it." }),
  database: databaseSchema
    .prefault({ mode: "create" })
    .meta({ description: "The PostgreSQL database that records are loaded into." }),
  sql: sqlSchema,
  audit: auditSchema,
  pages: pagesSchema,
  retention: retentionSchema,
  smokeTest: smokeTestSchema,
  dataPlan: dataPlanSchema,
  pipelines: pipelinesSchema.prefault({}).meta({ description: "One section per pipeline." }),
  feeds: feedsSchema,
})
  .refine(({ pages, pipelines }) => !pages.quicksight.enabled || pipelines.covid.enabled, {
    path: ["pages", "quicksight", "enabled"],
    error: "false where pipelines.covid.enabled is false: there are no figures to show without it",
  })
  .superRefine(checkFeedNames)
  .superRefine(checkConnections)
  .superRefine(checkDoors)
  .superRefine(checkInstance)
  .superRefine(checkRetention)
  .superRefine(checkWebhookNames)
  .superRefine(checkTexts)
  .superRefine(checkSecrets);

/** A validated configuration, frozen to its leaves. */
export type Config = Frozen<z.output<typeof configSchema>>;
/** What config/dev.ts and config/prod.ts write: only what differs from the defaults. */
export type ConfigInput = z.input<typeof configSchema>;

export type NetworkConfig = Config["network"];
export type CreateNetworkConfig = Extract<NetworkConfig, { mode: "create" }>;
export type ExistingNetworkConfig = Extract<NetworkConfig, { mode: "existing" }>;
