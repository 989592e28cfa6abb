import { postWebhook } from "../../../../etl/adapters/http/webhook";
import { LambdaRuntime } from "../../../support/cloud/emulated/lambda-runtime";
import { FakeSecretsManager } from "../../../support/fakes/fake-secrets-manager";
import { WebhookReceiver } from "../../../support/fakes/webhook-receiver";

const arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:slack-AbCdEf";

describe("a webhook", () => {
  let receiver: WebhookReceiver;
  beforeEach(async () => {
    receiver = await WebhookReceiver.start();
  });
  afterEach(() => receiver.stop());

  describe("by the built handler notifications/webhook, with the layer", () => {
    let lambda: LambdaRuntime;
    let manager: FakeSecretsManager;
    beforeAll(async () => {
      lambda = await LambdaRuntime.prepare();
    });
    afterAll(() => lambda.remove());
    beforeEach(async () => {
      manager = await FakeSecretsManager.start();
      manager.values.push(`${receiver.address}\n`);
    });
    afterEach(() => manager.stop());

    const text = (Value: string) => ({ Type: "String", Value });
    const event = {
      Records: [
        {
          EventSource: "aws:sns",
          Sns: {
            Subject: "INFO: millrace-dev-covid succeeded",
            Message: "There were 240 inserts and 0 updates",
            Timestamp: "2026-11-28T06:31:07.000Z",
            MessageAttributes: { severity: text("info"), pipeline: text("covid") },
          },
        },
      ],
    };
    const invoke = () =>
      lambda.invoke("notifications/webhook", event, {
        ...{ WEBHOOK_NAME: "team", WEBHOOK_KIND: "slack", WEBHOOK_SECRET_ARN: arn },
        ...{ AWS_ENDPOINT_URL_SECRETS_MANAGER: manager.endpoint, AWS_REGION: "eu-central-1" },
        ...{ AWS_ACCESS_KEY_ID: "key", AWS_SECRET_ACCESS_KEY: "none" },
      });

    test("posts the message to the address of the secret, and shows nothing of it", async () => {
      const outcome = await invoke();

      expect(receiver.posted).toEqual([
        {
          path: "/services/s3cret",
          type: "application/json",
          body: { text: "*INFO: millrace-dev-covid succeeded*\nThere were 240 inserts and 0 updates" },
        },
      ]);
      expect(manager.requests).toEqual([arn]);
      expect(outcome.result).toEqual({ severity: "info", subject: "INFO: millrace-dev-covid succeeded" });
      expect(JSON.stringify(outcome)).not.toContain("s3cret");
    });

    test.each([500, 404, 302])(
      "fails at %i, so that Lambda tries again, and goes to no other address",
      async (status) => {
        receiver.answer = status;

        const outcome = await invoke();

        expect(outcome.errorMessage).toContain(`The webhook team did not accept a message: got status ${status}`);
        expect(receiver.posted).toHaveLength(1);
        expect(JSON.stringify(outcome)).not.toContain("s3cret");
      },
    );

    test.each(["", "http://hooks.example.com/s3cret", "https://me:s3cret@hooks.example.com/", '{"url":"s3cret"}'])(
      "refuses the secret %j, without showing it",
      async (secret) => {
        manager.values.splice(0, 1, secret);

        const outcome = await invoke();

        expect(outcome.errorMessage).toContain("The secret of the webhook team cannot be used");
        expect(JSON.stringify(outcome)).not.toContain("s3cret");
        expect(receiver.posted).toEqual([]);
      },
    );
  });

  test("that is silent is waited for only so long", async () => {
    receiver.answer = "silence";

    const post = postWebhook(receiver.address, {}, { name: "team", timeoutMs: 200 });

    await expect(post).rejects.toThrow("The webhook team did not accept a message: got no answer in 0.2 s");
  });

  test("that is not there is named by what the system said, without its address", async () => {
    const { address } = receiver;
    await receiver.stop();

    const error = await postWebhook(address, {}, { name: "team", timeoutMs: 5_000 }).catch((cause: Error) => cause);

    expect(String(error)).toContain("got ECONNREFUSED");
    expect(String(error)).not.toContain("s3cret");
    receiver = await WebhookReceiver.start();
  });
});
