import * as z from "zod";
import { checkedText, choice, resourceId, section, wholeNumber } from "../kinds";
import { isPrivateRange, isVpcRange, rangesOverlap } from "../rules/cidr";

const egressSchema = z
  .discriminatedUnion(
    "mode",
    [
      section({
        mode: z.literal("none").meta({
          allowed: "none",
          description: "No way out: S3 through a gateway endpoint, Secrets Manager through an interface endpoint.",
          examples: ["none"],
        }),
      }),
      section({
        mode: z.literal("nat").meta({
          allowed: "nat",
          description: "Public subnets and NAT gateways, about 33 USD a month each (us-east-1, 2026).",
          examples: ["nat"],
        }),
        gateways: choice(["one", "one-per-zone"])
          .default("one")
          .meta({ description: "One NAT gateway for all zones, or one in each.", examples: ["one-per-zone"] }),
      }),
    ],
    "mode none or nat",
  )
  .default({ mode: "none" })
  .meta({ description: "The private subnets' way to the internet. Nothing of millrace needs one." });

const createNetworkSchema = section({
  mode: z.literal("create").meta({ allowed: "create", description: "A new VPC.", examples: ["create"] }),
  cidr: checkedText(isVpcRange, "a private IPv4 range between /16 and /24, without host bits")
    .default("10.42.0.0/16")
    .meta({ description: "The VPC's addresses.", examples: ["10.7.0.0/20"] }),
  zones: wholeNumber(2, 3)
    .default(2)
    .meta({ description: "Availability zones, with a private subnet in each. RDS needs two.", examples: [3] }),
  egress: egressSchema,
  peerCidrs: z
    .array(checkedText(isPrivateRange, "a private IPv4 range without host bits"), "a list of IPv4 ranges")
    .default([])
    .meta({
      allowed: "a list of private IPv4 ranges that do not overlap cidr",
      description:
        "Networks that this one is peered with by hand, for example that of an existing database. Only checked against cidr.",
      examples: [["10.50.0.0/16"]],
    }),
}).check(({ value: { cidr, peerCidrs }, issues }) => {
  peerCidrs.forEach((peer, index) => {
    if (!rangesOverlap(cidr, peer)) return;
    const message = `a range that does not overlap network.cidr, ${cidr}: no traffic is routed between such networks`;
    issues.push({ code: "custom", input: peer, path: ["peerCidrs", index], message });
  });
});

/** Lambda's `VpcConfig` allows sixteen (API reference); RDS needs two zones. */
const SUBNETS = "a list of 2 to 16 different subnet ids";

const existingNetworkSchema = section({
  mode: z.literal("existing").meta({
    allowed: "existing",
    description: "An existing VPC: the stack only looks it up.",
    examples: ["existing"],
  }),
  vpcId: resourceId("vpc").meta({ description: "The VPC.", examples: ["vpc-0a1b2c3d4e5f60718"] }),
  subnetIds: z
    .array(resourceId("subnet"), SUBNETS)
    .min(2, SUBNETS)
    .max(16, SUBNETS)
    .refine((ids) => new Set(ids).size === ids.length, SUBNETS)
    .meta({
      allowed: SUBNETS,
      description: "Private subnets in different zones, for the functions and, if it is created, the database.",
      examples: [["subnet-0a1b2c3d4e5f60718", "subnet-1a1b2c3d4e5f60718"]],
    }),
  endpoints: section({
    s3: resourceId("vpce")
      .optional()
      .meta({
        description: "Its S3 gateway endpoint; looked up, so that a wrong id stops the plan.",
        examples: ["vpce-0a1b2c3d4e5f60718"],
      }),
    secretsManager: resourceId("vpce")
      .optional()
      .meta({
        description:
          "Its Secrets Manager interface endpoint; unset, the secret is read through the subnets' own way out.",
        examples: ["vpce-1a1b2c3d4e5f60718"],
      }),
  })
    .prefault({})
    .meta({ description: "Existing VPC endpoints." }),
});

/** `create` makes a VPC, `existing` looks one up; both give the same typed `Network` (modules/network/network.ts). */
export const networkSchema = z.discriminatedUnion(
  "mode",
  [createNetworkSchema, existingNetworkSchema],
  "mode create or existing",
);
