import { generateKeyPairSync } from "node:crypto";

const pair = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});

/** Of a pair that is made for this run of the tests. */
export const { privateKey } = pair;

/** `pages.quicksight` as somebody sets it whose account has a subscription. */
export const quicksight = {
  enabled: true,
  owners: ["arn:aws:quicksight:eu-central-1:111122223333:group/default/data-team"],
};

/** `pages.web` as somebody sets it who has made a pair of keys. */
export const pagesWeb = {
  enabled: true,
  publicKey: pair.publicKey,
  keySecretArn: "arn:aws:secretsmanager:eu-central-1:111122223333:secret:millrace-prod-page-key-AbCdEf",
};
