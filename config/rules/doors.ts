import type * as z from "zod";
import { incomingPrefix, type Partner, partnersOf } from "../partners";
import { OWN_PREFIXES } from "../schema/pipelines/orders";
import { type Sections, sectionsOf } from "../sections";
import { prefixesOverlap } from "./prefixes";

/**
 * A bucket's policy has room for 20 KB, and the pattern of `orders` for 2,048 characters (S3 and EventBridge quotas).
 */
const MOST = 16;

/** Refuses partners that could reach the objects of others; each error has its path. */
export function checkDoors(config: Sections, context: z.core.$RefinementCtx): void {
  const partners = partnersOf(config.pipelines);
  for (const [position, partner] of partners.entries()) {
    const { pipeline } = partner;
    const index = partners.slice(0, position).filter((one) => one.pipeline === pipeline).length;
    const refuse = (key: keyof Partner, message: string) =>
      context.issues.push({
        code: "custom",
        input: partner[key],
        path: ["pipelines", pipeline, "partners", index, key],
        message,
        continue: true,
      });
    for (const message of prefixRefusals(partner, config)) refuse("prefix", message);
    const others = partners.slice(0, position);
    const twin = others.find((one) => prefixesOverlap(one.prefix, partner.prefix));
    if (twin !== undefined) {
      refuse("prefix", `a prefix apart from that of ${twin.pipeline}'s partner ${twin.name}, ${twin.prefix}`);
    }
    if (others.some((one) => one.pipeline === pipeline && one.name === partner.name)) {
      refuse("name", `a name that no other partner of ${pipeline} has`);
    }
    if (position === MOST) refuse("name", `at most ${MOST} partners of all pipelines together`);
  }
}

function prefixRefusals({ pipeline, prefix }: Partner, config: Sections): readonly string[] {
  return sectionsOf(config).flatMap((section) => {
    const { name } = section;
    const own = incomingPrefix(section);
    if (own === undefined) return [];
    const written = (name === "orders" ? OWN_PREFIXES : [])
      .filter((taken) => prefixesOverlap(taken, prefix))
      .map((taken) => `a prefix apart from those that orders writes to, ${taken}`);
    if (name === pipeline) {
      const begins = prefix.startsWith(own);
      return [
        ...(begins ? [] : [`one that begins with pipelines.${name}.prefix, ${own}: objects elsewhere start nothing`]),
        ...written,
      ];
    }
    // A pipeline with an empty prefix takes all objects.
    const isTaken = own !== "" && prefixesOverlap(own, prefix);
    return [...(isTaken ? [`a prefix apart from that of ${name}, ${own}`] : []), ...written];
  });
}
