import { pagesWeb, privateKey } from "../../../infra/support/pages-web";
import { LambdaRuntime } from "../../../support/cloud/emulated/lambda-runtime";
import { FakeSecretsManager } from "../../../support/fakes/fake-secrets-manager";

describe("the built handler pages/link, with the layer", () => {
  let lambda: LambdaRuntime;
  let manager: FakeSecretsManager;
  beforeAll(async () => {
    lambda = await LambdaRuntime.prepare();
    manager = await FakeSecretsManager.start();
  });
  afterAll(async () => {
    await manager.stop();
    await lambda.remove();
  });

  const invoke = () =>
    lambda.invoke(
      "pages/link",
      { pipeline: "covid" },
      {
        ...{ PAGES_DOMAIN: "d111111abcdef8.cloudfront.net", LINK_DAYS: "7", LINK_NETWORKS: "203.0.113.0/24" },
        ...{ KEY_PAIR_ID: "K1", KEY_SECRET_ARN: pagesWeb.keySecretArn, PUBLIC_KEY: pagesWeb.publicKey },
        ...{ AWS_ENDPOINT_URL_SECRETS_MANAGER: manager.endpoint, AWS_REGION: "eu-central-1" },
        ...{ AWS_ACCESS_KEY_ID: "key", AWS_SECRET_ACCESS_KEY: "none" },
      },
    );

  test("signs with the key of the secret, and logs neither the key nor the link", async () => {
    manager.values.splice(0, 2, privateKey);

    const { result, log } = await invoke();

    expect(result).toEqual({
      text: expect.stringMatching(
        /^Page, from 203\.0\.113\.0\/24, until .+: https:\/\/d111111abcdef8\.cloudfront\.net\/pages\/covid\/index\.html\?Policy=/,
      ),
    });
    expect(manager.requests).toEqual([pagesWeb.keySecretArn]);
    expect(log).toContainEqual(expect.objectContaining({ message: "step done" }));
    expect(JSON.stringify(log)).not.toMatch(/Signature=|PRIVATE KEY/);
  });

  test("says what to do where the secret holds another key, and shows nothing of it", async () => {
    manager.values.splice(0, 2, "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n");

    const { errorType, errorMessage, log } = await invoke();

    expect(errorType).toBe("UsageError");
    expect(errorMessage).toMatch(/^The secret of pages\.web\.keySecretArn has no private key/);
    expect(JSON.stringify(log)).not.toContain("c2VjcmV0");
  });
});
