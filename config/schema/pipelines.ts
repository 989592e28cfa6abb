import type * as z from "zod";
import type { Frozen } from "../frozen";
import { section } from "../kinds";
import { covidSchema } from "./pipelines/covid";
import { metadataSchema } from "./pipelines/metadata";
import { ordersSchema } from "./pipelines/orders";

/** The settings that keep all resources of `pipelines.import`. */
const AS_A_FEED =
  'pipelines.import is feeds.NAME now, NAME its contract: feeds: { sales: { resourceName: "import", engine: "distributed-map", source: { prefix: "import/" }, … } } ' +
  "with its former settings keeps all deployed resources (docs/upkeep.md, Upgrades)";

/** One entry per pipeline. */
export const pipelinesSchema = section(
  {
    covid: covidSchema,
    orders: ordersSchema,
    metadata: metadataSchema,
  },
  { import: AS_A_FEED },
);

export type PipelinesConfig = Frozen<z.output<typeof pipelinesSchema>>;
