import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { HeadObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { MillraceError } from "../../../../etl/core/errors";
import { explainAwsError, isAwsError } from "../../../../scripts/command-line/explain-aws-error";

describe("an answer of S3 to HEAD, which has a status and no body", () => {
  let server: Server;
  let status: number;

  beforeAll(async () => {
    server = createServer((_, response) => response.writeHead(status).end()).listen(0, "127.0.0.1");
    await once(server, "listening");
  });

  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  test.each([
    [403, "The AWS credentials do not allow this: got HTTP 403 without a reason"],
    [301, "The bucket is in another region: got HTTP 301 without a reason"],
  ])("%d is told in words", async (answer, message) => {
    status = answer;
    const error = explainAwsError(await look());

    expect(error).toBeInstanceOf(MillraceError);
    expect((error as MillraceError).message).toContain(message);
  });

  test("without an explanation stays unchanged", async () => {
    status = 405;
    const error = await look();

    expect(explainAwsError(error)).toBe(error);
  });

  function look(): Promise<unknown> {
    const { port } = server.address() as AddressInfo;
    const credentials = { accessKeyId: "any", secretAccessKey: "any" };
    const endpoint = `http://127.0.0.1:${port}`;
    const s3 = new S3Client({ region: "eu-central-1", endpoint, credentials, forcePathStyle: true, maxAttempts: 1 });
    return s3.send(new HeadObjectCommand({ Bucket: "b", Key: "k" })).catch((error: unknown) => error);
  }
});

test.each([
  ["TooManyRequestsException", "Rate Exceeded.", /^AWS takes no more requests.*Try again/],
  [
    "ResourceNotFoundException",
    "Function not found: x",
    /^A part that this command needs does not exist.*Function.*npm run deploy/,
  ],
  ["StateMachineDoesNotExist", "State Machine Does Not Exist: x", /^A part that this command needs does not exist/],
])("%s is told in words", (name, message, says) => {
  expect(explainAwsError(Object.assign(new Error(message), { name }))).toMatchObject({
    message: expect.stringMatching(says),
  });
});

test("an error of the network is AWS's only if the SDK made it", () => {
  const refused = Object.assign(new Error("connect"), { code: "ECONNREFUSED" });

  expect(isAwsError(refused)).toBe(false);
  expect(isAwsError(Object.assign(refused, { $metadata: { attempts: 3 } }))).toBe(true);
  expect(isAwsError(new Error("Region is missing"))).toBe(true);
});

test.each(["AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationErrorException"])(
  "%s is a right that is missing, in each service's own word",
  (name) => {
    const said = Object.assign(new Error("User: … is not authorized"), { name });

    expect(explainAwsError(said)).toMatchObject({
      message: expect.stringMatching(/^The AWS credentials do not allow this: got User: …/),
    });
  },
);
