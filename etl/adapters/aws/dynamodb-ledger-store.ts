import { randomUUID } from "node:crypto";
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
} from "@aws-sdk/client-dynamodb";
import type { LedgerItem, LedgerStore } from "../../core/objects/ledger-store";

/**
 * A table with the partition key `batch` and the sort key `name`, both text: a read is always one item, or a query of
 * one batch, never a scan.
 *
 * Needs dynamodb:GetItem, Query, PutItem and DeleteItem on the table.
 */
export class DynamoDbLedgerStore implements LedgerStore {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #days: number | undefined;

  /**
   * @param days after its last change an item may be deleted, if the table's time to live is `expires`. Default: never
   */
  constructor(client: DynamoDBClient, table: string, days?: number) {
    this.#client = client;
    this.#table = table;
    this.#days = days;
  }

  get forgets(): boolean {
    return this.#days !== undefined;
  }

  async read(batch: string, name: string): Promise<LedgerItem | undefined> {
    const { Item } = await this.#client.send(
      new GetItemCommand({ TableName: this.#table, Key: keyOf(batch, name), ConsistentRead: true }),
    );
    return Item === undefined ? undefined : toItem(Item);
  }

  async *list(batch: string, prefix: string): AsyncGenerator<LedgerItem> {
    const query = {
      TableName: this.#table,
      KeyConditionExpression: "#batch = :batch and begins_with(#name, :prefix)",
      ExpressionAttributeNames: { "#batch": "batch", "#name": "name" },
      ExpressionAttributeValues: { ":batch": { S: batch }, ":prefix": { S: prefix } },
      ConsistentRead: true,
    };
    for await (const { Items = [] } of paginateQuery({ client: this.#client }, query)) yield* Items.map(toItem);
  }

  async write(batch: string, name: string, value: string, expected: string | undefined): Promise<string | undefined> {
    const revision = randomUUID();
    try {
      await this.#client.send(
        new PutItemCommand({
          TableName: this.#table,
          Item: { ...keyOf(batch, name), value: { S: value }, revision: { S: revision }, ...this.#expires() },
          ...(expected === undefined ? IS_NEW : isStill(expected)),
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
      return revision;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      // The SDK sends again if an answer is lost; then the earlier write was this one.
      return error.Item?.revision?.S === revision ? revision : undefined;
    }
  }

  #expires(): Record<string, AttributeValue> {
    if (this.#days === undefined) return {};
    return { expires: { N: String(Math.ceil(Date.now() / 1000) + this.#days * 24 * 3600) } };
  }

  async remove(batch: string, name: string, expected: string): Promise<boolean> {
    try {
      await this.#client.send(
        new DeleteItemCommand({ TableName: this.#table, Key: keyOf(batch, name), ...isStill(expected) }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }
}

const IS_NEW = {
  ConditionExpression: "attribute_not_exists(#revision)",
  ExpressionAttributeNames: { "#revision": "revision" },
};

function isStill(revision: string) {
  return {
    ConditionExpression: "#revision = :revision",
    ExpressionAttributeNames: { "#revision": "revision" },
    ExpressionAttributeValues: { ":revision": { S: revision } },
  };
}

function keyOf(batch: string, name: string): Record<"batch" | "name", AttributeValue> {
  return { batch: { S: batch }, name: { S: name } };
}

function toItem({ name, value, revision }: Record<string, AttributeValue>): LedgerItem {
  return { name: name?.S ?? "", value: value?.S ?? "", revision: revision?.S ?? "" };
}
