import { holdsCredential } from "../../../etl/core/secret-parameters";

const SECRET =
  "X-Amz-Signature X-Amz-Credential X-Amz-Security-Token X-Goog-Signature X-Goog-Credential Key-Pair-Id Signature sig token " +
  "access_token accessToken auth-token id_token private_token api_key apikey api-key access_key subscription-key secret " +
  "client_secret password passwd passphrase pwd credentials jwt auth authorization";

const OTHERS = "v key code page format dataset author tokens sigma keyword passage X-Amz-Date X-Amz-Expires secretary";

describe("a credential in an address", () => {
  it.each(SECRET.split(" "))("is the parameter %s", (name) => {
    expect(holdsCredential(new URL(`https://host/us.csv?v=1&${name}=x`))).toBe(true);
    expect(holdsCredential(new URL(`https://host/us.csv?${name.toUpperCase()}=x`))).toBe(true);
  });

  it.each(["https://me:secret@host/us.csv", "https://token@host/", "https://:secret@host/"])("is %s", (url) => {
    expect(holdsCredential(new URL(url))).toBe(true);
  });

  it.each(OTHERS.split(" "))("is not the parameter %s", (name) => {
    expect(holdsCredential(new URL(`https://host/us.csv?${name}=x#token=y`))).toBe(false);
  });
});
