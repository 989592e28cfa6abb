import * as z from "zod";
import { choice, resourceId, section, text, wholeNumber } from "../kinds";

const egressSchema = z
  .discriminatedUnion(
    "mode",
    [
      section({
        mode: z.literal("none").meta({
          allowed: "none",
          description: "No way out: S3 by gateway endpoint, Secrets Manager by interface endpoint.",
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
  mode: z.literal("create").meta({ allowed: "create", description: "A VPC of our own.", examples: ["create"] }),
  cidr: text(
    /^(10|172\.(1[6-9]|2\d|3[01])|192\.168)(\.(25[0-5]|2[0-4]\d|1?\d?\d)){2,3}\/(1[6-9]|2[0-4])$/,
    "a private IPv4 range between /16 and /24",
  )
    .refine((cidr) => z.cidrv4().safeParse(cidr).success, "a private IPv4 range between /16 and /24")
    .default("10.42.0.0/16")
    .meta({ description: "The VPC's addresses.", examples: ["10.7.0.0/20"] }),
  zones: wholeNumber(2, 3)
    .default(2)
    .meta({ description: "Availability zones, with a private subnet in each. RDS asks for two.", examples: [3] }),
  egress: egressSchema,
});

const existingNetworkSchema = section({
  mode: z.literal("existing").meta({
    allowed: "existing",
    description: "A VPC that is there: the stack only looks it up.",
    examples: ["existing"],
  }),
  vpcId: resourceId("vpc").meta({ description: "The VPC.", examples: ["vpc-0a1b2c3d4e5f60718"] }),
  subnetIds: z
    .array(resourceId("subnet"), "a list of two or more subnet ids")
    .min(2, "a list of two or more subnet ids")
    .meta({
      allowed: "a list of two or more subnet ids",
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
        description: "Its Secrets Manager interface endpoint; unset, the secret is read over the subnets' own way out.",
        examples: ["vpce-1a1b2c3d4e5f60718"],
      }),
  })
    .prefault({})
    .meta({ description: "VPC endpoints that are there already." }),
});

/** `create` makes a VPC, `existing` looks one up; both give the same typed `Network` (modules/network.ts). */
export const networkSchema = z.discriminatedUnion(
  "mode",
  [createNetworkSchema, existingNetworkSchema],
  "mode create or existing",
);
