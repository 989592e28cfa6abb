import { SecretsProvider } from "@aws-lambda-powertools/parameters/secrets";
import { readLogin } from "../../../../../etl/adapters/postgres/secret-login";
import { DatabaseError } from "../../../../../etl/core/errors";
import { FakeSecretsManager } from "../../../../support/fakes/fake-secrets-manager";

const ARN = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:rds!db-1";
const OLD = { username: "m1", password: "old" };
const NEW = { username: "m1", password: "new" };

describe("readLogin", () => {
  let manager: FakeSecretsManager;
  let secrets: SecretsProvider;

  beforeEach(async () => {
    manager = await FakeSecretsManager.start();
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    secrets = new SecretsProvider({
      clientConfig: { endpoint: manager.endpoint, region: "eu-central-1", credentials },
    });
  });

  afterEach(() => manager.stop());

  test("asks once and keeps the answer", async () => {
    // Prepare
    manager.values.push(JSON.stringify({ ...OLD, engine: "postgres" }), JSON.stringify(NEW));

    // Act
    const logins = [await readLogin(secrets, ARN), await readLogin(secrets, ARN)];

    // Assess
    expect(logins).toEqual([OLD, OLD]);
    expect(manager.requests).toEqual([ARN]);
  });

  test("asks again if forced to, and keeps that answer", async () => {
    // Prepare
    manager.values.push(JSON.stringify(OLD), JSON.stringify(NEW));
    await readLogin(secrets, ARN);

    // Act
    const renewed = await readLogin(secrets, ARN, { forceFetch: true });

    // Assess
    expect(renewed).toEqual(NEW);
    expect(await readLogin(secrets, ARN)).toEqual(NEW);
    expect(manager.requests).toHaveLength(2);
  });

  test.each(["hunter2 is no JSON", '{"username":"m1","pass":"hunter2"}', '"hunter2"'])(
    "refuses %s without quoting it",
    async (value) => {
      // Prepare
      manager.values.push(value);

      // Act
      const error: unknown = await readLogin(secrets, ARN).catch((thrown) => thrown);

      // Assess
      expect(error).toBeInstanceOf(DatabaseError);
      expect(error).toMatchObject({ message: expect.stringContaining(ARN), cause: undefined });
      expect(JSON.stringify(error) + String(error)).not.toContain("hunter2");
    },
  );
});
