import { createHash } from "node:crypto";
import { LambdaRuntime } from "../../../support/cloud/emulated/lambda-runtime";
import { FakeS3 } from "../../../support/fakes/fake-s3";
import { FakeSecretsManager } from "../../../support/fakes/fake-secrets-manager";
import { fileWithEtag, status } from "../../../support/feeds/feed-answers";
import { type FeedServer, startFeedServer } from "../../../support/feeds/feed-server";

const CASES = "date,cases,deaths\n2020-01-21,1,0\n";
const RECOVERIES = "Date,Country/Region,Province/State,Lat,Long,Confirmed,Recovered,Deaths\n";

describe("the built handler covid/fetch, with the layer", () => {
  let lambda: LambdaRuntime;
  let s3: FakeS3;
  let feeds: FeedServer;

  beforeAll(async () => {
    lambda = await LambdaRuntime.prepare();
  });

  afterAll(() => lambda.remove());

  beforeEach(async () => {
    s3 = await FakeS3.start();
    feeds = await startFeedServer();
    feeds.serve("/us.csv", fileWithEtag(CASES, '"one"'));
    feeds.serve("/jhu.csv", fileWithEtag(RECOVERIES, '"two"'));
  });

  afterEach(async () => {
    await feeds.close();
    await s3.stop();
  });

  test("keeps both bodies and gives the event for load; the second time nothing is sent", async () => {
    // Act
    const first = await lambda.invoke("covid/fetch", {}, variables());
    const second = await lambda.invoke("covid/fetch", { source: "schedule" }, variables());

    // Assess
    const objects = [expected("cases", CASES, "/us.csv"), expected("recoveries", RECOVERIES, "/jhu.csv")];
    expect(first.result).toEqual({ objects });
    expect(second.result).toEqual({ objects: objects.map((object) => ({ ...object, unchanged: true })) });
    expect(objects.map(({ key }) => s3.objects.get(`raw/${key}`)?.toString())).toEqual([CASES, RECOVERIES]);
    expect(s3.requests.filter((request) => request.startsWith("PUT") && request.endsWith(".csv"))).toHaveLength(2);
  });

  describe("with {date} in an address", () => {
    const dated = () => ({ ...variables(), CASES_URL: feeds.url("/us.csv?day={date}") });

    test("asks for the day of the execution's input, and keeps it under that day", async () => {
      // Act
      const { result } = await lambda.invoke("covid/fetch", { asked: { date: "2026-03-01" } }, dated());

      // Assess
      const cases = expected("cases", CASES, "/us.csv?day=2026-03-01", "2026-03-01");
      expect(result).toEqual({
        objects: [{ ...cases, day: "2026-03-01" }, expected("recoveries", RECOVERIES, "/jhu.csv")],
      });
      expect(s3.objects.get(`raw/${cases.key}`)?.toString()).toBe(CASES);
    });

    test("asks for today if the schedule starts it", async () => {
      const { result } = await lambda.invoke("covid/fetch", { asked: {} }, dated());

      const day = new Date().toISOString().slice(0, 10);
      expect(result).toMatchObject({ objects: [{ location: feeds.url(`/us.csv?day=${day}`), day }, {}] });
    });

    test("refuses a day that is none, and downloads nothing", async () => {
      const outcome = await lambda.invoke("covid/fetch", { asked: { date: "2026-02-30" } }, dated());

      expect(outcome).toMatchObject({
        errorType: "UsageError",
        errorMessage: expect.stringContaining("asked: date: expected a day as YYYY-MM-DD"),
      });
      expect(feeds.requests).toEqual([]);
    });
  });

  test("refuses a day if no address asks for one, and downloads nothing", async () => {
    const outcome = await lambda.invoke("covid/fetch", { asked: { date: "2026-03-01" } }, variables());

    expect(outcome).toMatchObject({ errorType: "UsageError", errorMessage: expect.stringContaining("{date}") });
    expect(feeds.requests).toEqual([]);
  });

  test("logs JSON and emits its duration as an embedded metric", async () => {
    // Act
    const { log } = await lambda.invoke("covid/fetch", {}, variables());

    // Assess
    const entry = { service: "covid", step: "fetch", function_request_id: "request-1" };
    expect(log).toContainEqual(expect.objectContaining({ ...entry, level: "INFO", message: "step done" }));
    const metric = { Name: "duration", Unit: "Milliseconds" };
    const directive = { Namespace: "millrace", Dimensions: [["service", "step"]], Metrics: [metric] };
    expect(log.at(-1)).toMatchObject({
      service: "covid",
      step: "fetch",
      duration: expect.any(Number),
      _aws: { CloudWatchMetrics: [directive] },
    });
  });

  test("names a source that is down so that it is tried again, and keeps nothing of it", async () => {
    // Prepare
    feeds.serve("/jhu.csv", status(503));

    // Act
    const outcome = await lambda.invoke("covid/fetch", {}, variables());

    // Assess
    expect(outcome).toMatchObject({ errorType: "SourceUnavailableError" });
    expect(outcome.errorMessage).toContain("HTTP 503");
    expect(outcome.log).toContainEqual(expect.objectContaining({ level: "ERROR", message: "step failed" }));
    expect([...s3.objects.keys()].filter((key) => key.includes("recoveries"))).toEqual([]);
  });

  describe("with a source's address in a secret", () => {
    const arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:feed-AbCdEf";
    let manager: FakeSecretsManager;
    beforeEach(async () => {
      manager = await FakeSecretsManager.start();
    });
    afterEach(() => manager.stop());
    const secretly = () => {
      const { CASES_URL: _address, ...rest } = variables();
      return { ...rest, CASES_SECRET_ARN: arn, AWS_ENDPOINT_URL_SECRETS_MANAGER: manager.endpoint };
    };

    test("reads it at each run, and shows nothing of it", async () => {
      // Prepare
      const address = (password: string) => feeds.url("/us.csv?v=1").replace("http://", `http://me:${password}@`);
      manager.values.push(`${address("s3cret")}\n`, address("s3cret-2"));

      // Act
      const first = await lambda.invoke("covid/fetch", {}, secretly());
      const second = await lambda.invoke("covid/fetch", {}, secretly());

      // Assess
      const sent = feeds.requests
        .filter(({ path }) => path === "/us.csv?v=1")
        .map(({ headers }) => headers.authorization);
      const basic = (login: string) => `Basic ${Buffer.from(login).toString("base64")}`;
      expect(sent).toEqual([basic("me:s3cret"), basic("me:s3cret-2")]);
      expect(manager.requests).toEqual([arn, arn]);
      const location = feeds.url("/us.csv?v=1").replace("http://", "http://***@");
      expect(first.result).toMatchObject({ objects: [{ name: "cases", location }, { name: "recoveries" }] });
      expect(second.result).toMatchObject({ objects: [{ name: "cases", unchanged: true }, {}] });
      expect(JSON.stringify([first, second])).not.toContain("s3cret");
    });

    test("refuses a secret that is no address, without showing it", async () => {
      // Prepare
      manager.values.push('{"password":"s3cret"}');

      // Act
      const outcome = await lambda.invoke("covid/fetch", {}, secretly());

      // Assess
      expect(outcome).toMatchObject({ errorType: "SourceError" });
      expect(outcome.errorMessage).toContain(`expected only the source's whole http:// or https:// address`);
      expect(outcome.errorMessage).toContain(arn);
      expect(JSON.stringify(outcome)).not.toContain("s3cret");
    });
  });

  test("does not start with a wrong environment", async () => {
    // Act
    const outcome = await lambda.invoke("covid/fetch", {}, { ...variables(), CASES_URL: "us.csv" });

    // Assess
    expect(outcome).toMatchObject({ errorType: "UsageError", errorMessage: expect.stringContaining("CASES_URL") });
  });

  function variables(): Record<string, string> {
    return {
      RAW_BUCKET: "raw",
      CASES_URL: feeds.url("/us.csv"),
      RECOVERIES_URL: feeds.url("/jhu.csv"),
      AWS_REGION: "eu-central-1",
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_ENDPOINT_URL: s3.endpoint,
    };
  }

  function expected(name: string, body: string, path: string, day = new Date().toISOString().slice(0, 10)) {
    const sha256 = createHash("sha256").update(body).digest("hex");
    const key = `covid/${name}/${day}/${sha256}.csv`;
    return { name, key, sha256, bytes: body.length, location: feeds.url(path), unchanged: false };
  }
});
