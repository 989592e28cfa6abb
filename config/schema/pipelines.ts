import type * as z from "zod";
import type { Frozen } from "../frozen";
import { section } from "../kinds";
import { covidSchema } from "./covid";
import { importSchema } from "./import";
import { metadataSchema } from "./metadata";
import { ordersSchema } from "./orders";

/** One entry a pipeline. */
export const pipelinesSchema = section({
  covid: covidSchema,
  orders: ordersSchema,
  metadata: metadataSchema,
  import: importSchema,
});

export type PipelinesConfig = Frozen<z.output<typeof pipelinesSchema>>;
