import { holdsCredential } from "../../../../../etl/core/fetch/secret-parameters";

const SECRET =
  "X-Amz-Signature X-Amz-Credential X-Amz-Security-Token X-Goog-Signature X-Goog-Credential Key-Pair-Id Signature sig token " +
  "access_token accessToken auth-token id_token private_token api_key apikey api-key access_key subscription-key secret " +
  "client_secret password passwd passphrase pwd credentials jwt auth authorization " +
  "AccessKeyId AWSAccessKeyId OSSAccessKeyId x-api-key ocp-apim-subscription-key aws_secret_access_key app_key consumer-key " +
  "account_key oauth_token user_token csrf.token auth[token] token_value access_token_2 db_password userPassword password2 " +
  "x-sig sig[] basic-auth db_pwd sas hmac session_id sessionToken q-signature X%2DAmz%2DSignature";

const OTHERS =
  "v key code page format dataset author tokens sigma keyword passage X-Amz-Date X-Amz-Expires secretary " +
  "page_token nextPageToken continuation-token auth_type design compass keys monkey passenger area-code signal";

describe("a credential in an address", () => {
  test.each(SECRET.split(" "))("is the parameter %s", (name) => {
    expect(holdsCredential(new URL(`https://host/us.csv?v=1&${name}=x`))).toBe(true);
    expect(holdsCredential(new URL(`https://host/us.csv?${name.toUpperCase()}=x`))).toBe(true);
  });

  test.each([
    ...["https://me:secret@host/us.csv", "https://token@host/", "https://:secret@host/", "https:me:secret@host/us.csv"],
    ...["https://m%65:s%40cret@host/us.csv", "https://host/us.csv?token", "https://host/us.csv?v=1;token=x"],
    ...["https://host/us.csv#access_token=x", "https://host/#/feed?sig=x", "https://host/us.csv;jsessionid=x"],
    ...["https://host/a;token=x/us.csv", "https://host/get?url=https%3A%2F%2Fme%3Asecret%40other%2F"],
    ...["https://host/get?url=https://other/a%3Fsig=x", "https://host/us.csv?%E0%A4%A=1&api%5Fkey=x"],
  ])("is %s", (url) => {
    expect(holdsCredential(new URL(url))).toBe(true);
  });

  test.each(OTHERS.split(" "))("is not the parameter %s", (name) => {
    expect(holdsCredential(new URL(`https://host/token/password/us.csv?${name}=x#${name}`))).toBe(false);
  });
});
