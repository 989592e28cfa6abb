import { createHash } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { SQSClient } from "@aws-sdk/client-sqs";
import { SqsOutbox } from "../../../../../etl/adapters/aws/sqs-outbox";

interface Call {
  readonly Entries?: readonly { readonly Id: string; readonly MessageBody: string }[];
}

describe("SqsOutbox, where SQS takes some messages of a batch and not others", () => {
  let server: Server;
  let client: SQSClient;
  let outbox: SqsOutbox;
  let calls: string[][];
  /** For each call, the bodies that it does not take, and whose fault that is. */
  let refusals: { readonly bodies: readonly string[]; readonly isSenderFault: boolean }[];

  beforeAll(async () => {
    server = createServer(async (request, response) => {
      const { Entries } = (await json(request)) as Call;
      response.writeHead(200, { "content-type": "application/x-amz-json-1.0" });
      response.end(
        JSON.stringify(Entries === undefined ? { Attributes: { MaximumMessageSize: "100" } } : answer(Entries)),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    client = new SQSClient({ endpoint, region: "eu-central-1", credentials });
  });

  afterAll(async () => {
    client.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  beforeEach(() => {
    calls = [];
    refusals = [];
    outbox = new SqsOutbox(client, "https://sqs.eu-central-1.amazonaws.com/123456789012/messages.fifo");
  });

  test("sends those again, and no others", async () => {
    // Prepare
    refusals.push({ bodies: ["b", "c"], isSenderFault: false }, { bodies: ["c"], isSenderFault: false });

    // Act
    await outbox.send(["a", "b", "c"].map(message));

    // Assess
    expect(calls).toEqual([["a", "b", "c"], ["b", "c"], ["c"]]);
  });

  test("gives up at once on what SQS will never take", async () => {
    // Prepare
    refusals.push({ bodies: ["b"], isSenderFault: true });

    // Act and assess
    await expect(outbox.send(["a", "b"].map(message))).rejects.toThrow(
      "SQS refused a message: got InvalidMessageContents",
    );
    expect(calls).toEqual([["a", "b"]]);
  });

  test("gives up after six tries", async () => {
    // Prepare
    refusals.push(...Array.from({ length: 6 }, () => ({ bodies: ["a"], isSenderFault: false })));

    // Act and assess
    await expect(outbox.send([message("a")])).rejects.toThrow("SQS did not accept 1 of 1 message");
    expect(calls).toHaveLength(6);
  });

  test("cuts batches at ten messages and at what the queue takes", async () => {
    // Act
    await outbox.send(Array.from({ length: 12 }, (_, at) => message(`${at}`)));
    await outbox.send([message("x".repeat(60)), message("y".repeat(40)), message("z")]);

    // Assess
    expect(calls.map(({ length }) => length)).toEqual([10, 2, 2, 1]);
  });

  function answer(entries: NonNullable<Call["Entries"]>) {
    calls.push(entries.map(({ MessageBody }) => MessageBody));
    const { bodies = [], isSenderFault = false } = refusals.shift() ?? {};
    const Code = isSenderFault ? "InvalidMessageContents" : "InternalError";
    const md5 = (text: string) => createHash("md5").update(text).digest("hex");
    return {
      Failed: entries
        .filter(({ MessageBody }) => bodies.includes(MessageBody))
        .map(({ Id }) => ({ Id, Code, Message: "not taken", SenderFault: isSenderFault })),
      Successful: entries
        .filter(({ MessageBody }) => !bodies.includes(MessageBody))
        .map(({ Id, MessageBody }) => ({ Id, MessageId: Id, MD5OfMessageBody: md5(MessageBody) })),
    };
  }
});

function message(body: string) {
  return { body, group: body.slice(0, 1), deduplication: body.slice(0, 1), attributes: {} };
}
