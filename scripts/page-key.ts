import { generateKeyPairSync } from "node:crypto";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { Command } from "commander";
import { loadConfig } from "../config/load";
import { resourceName } from "../config/names";
import { explainAwsError } from "./command-line/explain-aws-error";
import { runCommand } from "./command-line/run-command";

const command = new Command("npm run page-key --")
  .description(
    "Creates the pair of keys that signs links to pages (pages.web): the private key goes into a new secret of Secrets Manager and " +
      "nowhere else; the public key and the secret's ARN are printed for the configuration. For the environment in ENVIRONMENT " +
      "(default dev), with this shell's AWS credentials. Each call creates a new pair; the secret costs 0.40 USD a month.",
  )
  .option("--json", "one JSON object: publicKey, keySecretArn")
  .action(async (options: { json?: true }) => {
    const made = await makePair().catch((cause) => {
      throw explainAwsError(cause);
    });
    console.log(options.json ? JSON.stringify(made) : describe(made));
  });

interface MadePair {
  readonly publicKey: string;
  readonly keySecretArn: string;
}

async function makePair(): Promise<MadePair> {
  const config = loadConfig();
  const { region, endpoint } = config.aws;
  // CloudFront accepts only RSA of 2048 bits ("Create key pairs for your signers", CloudFront developer guide).
  const { publicKey, privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  const { ARN = "" } = await new SecretsManagerClient({ region, endpoint }).send(
    new CreateSecretCommand({
      Name: resourceName(config, "page-key", new Date().toISOString().replaceAll(/\D/g, "").slice(0, 14)),
      Description: "Private key that signs links to pages; its public half is pages.web.publicKey",
      SecretString: privateKey,
      Tags: [
        { Key: "Project", Value: config.project },
        { Key: "Environment", Value: config.environment },
      ],
    }),
  );
  return { publicKey, keySecretArn: ARN };
}

function describe({ publicKey, keySecretArn }: MadePair): string {
  const settings = { enabled: true, publicKey, keySecretArn };
  return [
    `pages: { web: ${JSON.stringify(settings, null, 2)} }`,
    "",
    "Put this into the environment's configuration, then: npm run bootstrap (allows roles to read the secret), npm run deploy.",
    "A previous secret is not needed after that: aws secretsmanager delete-secret --secret-id ARN.",
  ].join("\n");
}

runCommand(command);
