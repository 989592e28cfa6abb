import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { SchedulerClient } from "@aws-sdk/client-scheduler";
import { SNSClient } from "@aws-sdk/client-sns";
import { dev } from "../../../../../config/dev";
import { overrideConfig } from "../../../../../config/load";
import { describeAllUnheard } from "../../../../../scripts/deliver/doctor/subscribers";
import { describeSchedule, readSchedules } from "../../../../../scripts/ops/schedules";

const machine = "millrace-dev-covid";

describe("a schedule", () => {
  test.each([
    ["as configured", true, "ENABLED", undefined],
    ["as configured", false, "DISABLED", undefined],
    ["switched off by hand", true, "DISABLED", "its schedule is switched off by hand: deploy switches it on"],
    [
      "switched on by hand",
      false,
      "ENABLED",
      "its schedule runs, though the configuration switches it off: deploy switches it off",
    ],
    ["deleted", true, undefined, "its schedule does not exist: deploy creates it again"],
  ])("that is %s (%s, %s) is told so", (_, scheduled, state, told) => {
    const states = new Map(state === undefined ? [] : [[machine, state]]);

    expect(describeSchedule({ machine, scheduled }, states)).toBe(told);
  });

  test("is nothing to what objects start", () => {
    expect(describeSchedule({}, new Map())).toBeUndefined();
  });
});

describe("what AWS says of an environment", () => {
  let server: Server | undefined;

  afterEach(() => server?.close());

  test("has the states of all pages of schedules", async () => {
    // Prepare
    const { client, asked } = await canned((url) =>
      url.includes("NextToken")
        ? JSON.stringify({ Schedules: [{ Name: "millrace-dev-b", State: "DISABLED" }] })
        : JSON.stringify({ Schedules: [{ Name: "millrace-dev-a", State: "ENABLED" }], NextToken: "more" }),
    );

    // Act
    const states = await readSchedules(new SchedulerClient(client), "millrace-dev");

    // Assess
    expect([...states]).toEqual([
      ["millrace-dev-a", "ENABLED"],
      ["millrace-dev-b", "DISABLED"],
    ]);
    expect(asked[0]).toContain("NamePrefix=millrace-dev");
  });

  const member = (endpoint: string, arn: string) =>
    `<member><Protocol>email</Protocol><Endpoint>${endpoint}</Endpoint><SubscriptionArn>${arn}</SubscriptionArn></member>`;
  const confirmed = "arn:aws:sns:eu-central-1:111122223333:millrace-dev-notifications:0a1b";

  test.each([
    ["all have confirmed", member("a@example.com", confirmed), []],
    [
      "one has not",
      member("a@example.com", confirmed) + member("b@example.com", "PendingConfirmation"),
      [/^millrace-dev-notifications: not confirmed: b@example\.com\. Open the link/],
    ],
    ["nobody has", member("a@example.com", "PendingConfirmation"), [/nobody hears/, /not confirmed: a@example\.com/]],
    ["AWS has forgotten one", "", [/nobody hears/, /not confirmed: a@example\.com/]],
    ["somebody else has", member("c@example.com", confirmed), [/not confirmed: a@example\.com/]],
  ])("says who of the subscribers hears nothing where %s", async (_, members, told) => {
    // Prepare
    const { client, asked } = await canned(
      () =>
        `<R><ListSubscriptionsByTopicResult><Subscriptions>${members}</Subscriptions></ListSubscriptionsByTopicResult></R>`,
    );
    const config = overrideConfig(dev, { notifications: { emails: ["a@example.com"] } });

    // Act
    const lines = await describeAllUnheard(
      config,
      new SNSClient(client),
      `arn:aws:states:eu-central-1:111122223333:stateMachine:${machine}`,
    );

    // Assess
    expect(lines).toEqual(told.map((line) => expect.stringMatching(line)));
    expect(decodeURIComponent(asked[0] ?? "")).toContain("arn:aws:sns:eu-central-1:111122223333:millrace-dev-notif");
  });

  test("asks of the topic of each pipeline that has one of its own", async () => {
    const { client } = await canned(
      () => "<R><ListSubscriptionsByTopicResult><Subscriptions/></ListSubscriptionsByTopicResult></R>",
    );
    const config = overrideConfig(dev, { pipelines: { covid: { recipients: { emails: ["a@example.com"] } } } });

    const lines = await describeAllUnheard(
      config,
      new SNSClient(client),
      `arn:aws:sqs:eu-central-1:111122223333:queue`,
    );

    expect(lines.join("\n")).toMatch(
      /^millrace-dev-notifications: nobody hears[\s\S]*\nmillrace-dev-covid-notifications: /,
    );
  });

  /** A service that answers each request by its address, and what it was asked. */
  async function canned(answer: (url: string) => string) {
    const asked: string[] = [];
    server = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk) => {
        body += chunk;
      });
      request.on("end", () => {
        asked.push(`${request.url} ${body}`);
        response.end(answer(request.url ?? ""));
      });
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const credentials = { accessKeyId: "nobody", secretAccessKey: "nothing" };
    return { asked, client: { region: "eu-central-1", endpoint: `http://127.0.0.1:${port}`, credentials } };
  }
});
