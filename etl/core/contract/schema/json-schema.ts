import * as z from "zod";
import { feedSchema } from "./schema";

/**
 * The JSON Schema of a feed's contract, for `docs/contract.schema.json`: with it an editor can complete and check
 * contracts.
 */
export function writeJsonSchema(): string {
  const { properties, ...schema } = z.toJSONSchema(feedSchema, { io: "input" });
  const described = {
    ...schema,
    title: "A feed of CSV objects and the table that they are copied into",
    properties: { $schema: { type: "string" }, ...properties },
  };
  return `${JSON.stringify(described, undefined, 2)}\n`;
}
