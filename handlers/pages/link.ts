import { SecretsProvider } from "@aws-lambda-powertools/parameters/secrets";
import * as z from "zod";
import { linkLines } from "../../etl/core/pages/page-links";
import { readSigningKey } from "../../etl/core/pages/signed-link";
import { readEnvironment } from "../environment";
import { clientConfig, defineStep } from "../step";

const env = readEnvironment(
  z.object({
    PAGES_DOMAIN: z.string(),
    LINK_DAYS: z.coerce.number().int().positive(),
    LINK_NETWORKS: z.string(),
    KEY_PAIR_ID: z.string(),
    KEY_SECRET_ARN: z.string(),
    PUBLIC_KEY: z.string(),
  }),
);
const secrets = new SecretsProvider({ clientConfig });

/** Signs the links to a pipeline's page. Its result opens the page, so its log does not contain it. */
export const handler = defineStep(
  { pipeline: "pages", name: "link", event: z.object({ pipeline: z.string() }), told: () => "signed" },
  async ({ pipeline }) => {
    const { PAGES_DOMAIN: domain, LINK_DAYS: days, LINK_NETWORKS, KEY_PAIR_ID: keyPairId } = env;
    // Read again each time: runs are few, and a deleted secret must sign no more links.
    const secret = await secrets.get(env.KEY_SECRET_ARN, { maxAge: 0, forceFetch: true });
    const privateKey = readSigningKey(String(secret ?? ""), env.PUBLIC_KEY);
    const networks = LINK_NETWORKS === "" ? [] : LINK_NETWORKS.split(",");
    return { text: linkLines(pipeline, { domain, days, networks }, { keyPairId, privateKey }, new Date()) };
  },
);
