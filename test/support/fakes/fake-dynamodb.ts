import type { IncomingMessage, ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import { FakeService } from "./fake-service";

type Item = Readonly<Record<string, { readonly S?: string; readonly N?: string }>>;

interface Asked {
  readonly TableName: string;
  readonly Item?: Item;
  readonly ExclusiveStartKey?: Item;
  readonly ConditionExpression?: string;
}

const PAGE = 2;
const MISSING = [
  400,
  { __type: "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException", message: "Requested resource not found" },
] as const;

/**
 * So much of DynamoDB, on the loopback, that the AWS SDK can scan tables of items with `batch` and `name`, two at a time, and
 * put an item that is not in them yet, the only condition that it knows.
 */
export class FakeDynamoDb extends FakeService {
  /** By the table's name. */
  readonly tables = new Map<string, Item[]>();

  protected async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = (await json(request)) as Asked;
    const items = this.tables.get(asked.TableName);
    const [status, answer] =
      items === undefined
        ? MISSING
        : /\.PutItem$/.test(String(request.headers["x-amz-target"]))
          ? put(items, asked)
          : scan(items, asked);
    response.writeHead(status, { "content-type": "application/x-amz-json-1.0" });
    response.end(JSON.stringify(answer));
  }
}

function scan(items: readonly Item[], { ExclusiveStartKey: after }: Asked): readonly [number, unknown] {
  const from = after === undefined ? 0 : items.findIndex((item) => keyOf(item) === keyOf(after)) + 1;
  const page = items.slice(from, from + PAGE);
  const last = page.at(-1);
  const more = from + PAGE < items.length && last;
  return [200, { Items: page, Count: page.length, ...(more && { LastEvaluatedKey: pick(last) }) }];
}

function put(items: Item[], { Item: item = {}, ConditionExpression: condition }: Asked): readonly [number, unknown] {
  const [, reserved] = /\b(batch|name)\b/.exec(condition?.replaceAll(/#\w+/g, "") ?? "") ?? [];
  if (reserved !== undefined) {
    const message = `Invalid ConditionExpression: Attribute name is a reserved keyword; reserved keyword: ${reserved}`;
    return [400, { __type: "com.amazon.coral.validate#ValidationException", message }];
  }
  const old = items.find((each) => keyOf(each) === keyOf(item));
  if (old !== undefined) {
    return [400, { __type: "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException", Item: old }];
  }
  items.push(item);
  return [200, {}];
}

function pick({ batch, name }: Item): Item {
  return { batch: batch ?? {}, name: name ?? {} };
}

function keyOf(item: Item): string {
  return JSON.stringify(pick(item));
}
