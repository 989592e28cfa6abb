import type * as z from "zod";
import type { Frozen } from "../frozen";
import { section } from "../kinds";
import { covidSchema } from "./pipelines/covid";
import { importSchema } from "./pipelines/import";
import { metadataSchema } from "./pipelines/metadata";
import { ordersSchema } from "./pipelines/orders";

/** One entry a pipeline. */
export const pipelinesSchema = section({
  covid: covidSchema,
  orders: ordersSchema,
  metadata: metadataSchema,
  import: importSchema,
});

export type PipelinesConfig = Frozen<z.output<typeof pipelinesSchema>>;
