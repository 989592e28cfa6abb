import type { Construct } from "constructs";
import { Account } from "../../account";
import type { Statement } from "../../function/policy";
import { type Access, type AccessScope, actions, tagged, taggedIfAny } from "./access";

/** Of what has neither tags nor a name in its ARN: ids are all that IAM sees. */
const UNTAGGED = {
  OriginAccessControl: "origin-access-control",
  ResponseHeadersPolicy: "response-headers-policy",
} as const;
/** Of these the Service Authorization Reference knows no resources at all. */
const WITHOUT_RESOURCES = ["PublicKey", "KeyGroup"] as const;

/** Distributions, with their keys, headers and way to the bucket; only where `pages.web` asks for one. */
export function webAccess(scope: Construct, { prefix, tags }: AccessScope): Access {
  const account = Account.of(scope);
  const distributions = [account.globalArn("cloudfront", "distribution/*")];
  const untagged = (verb: string): readonly Statement[] =>
    Object.entries(UNTAGGED).map(([noun, kind]) => ({
      actions: actions("cloudfront", verb + noun),
      resources: [account.globalArn("cloudfront", `${kind}/*`)],
    }));
  const ours = tagged("ResourceTag", tags);
  const all = (verb: string, nouns: readonly string[]) => actions("cloudfront", ...nouns.map((noun) => verb + noun));
  return {
    read: [
      {
        actions: actions("cloudfront", "GetDistribution", "ListTagsForResource"),
        resources: distributions,
        conditions: ours,
      },
      ...untagged("Get"),
      { actions: all("Get", WITHOUT_RESOURCES), resources: ["*"] },
    ],
    write: [
      {
        actions: actions("cloudfront", "CreateDistribution"),
        resources: ["*"],
        conditions: tagged("RequestTag", tags),
      },
      // TagResource is asked for one that is being made, too. That one has no tags: else one of another environment could
      // be made ours by tagging it.
      {
        actions: actions("cloudfront", "TagResource"),
        resources: distributions,
        conditions: { ...tagged("RequestTag", tags), ...taggedIfAny(tags) },
      },
      {
        actions: actions("cloudfront", "UpdateDistribution", "TagResource", "UntagResource"),
        resources: distributions,
        conditions: ours,
      },
      { actions: all("Create", [...Object.keys(UNTAGGED), ...WITHOUT_RESOURCES]), resources: ["*"] },
      ...untagged("Update"),
      { actions: all("Update", WITHOUT_RESOURCES), resources: ["*"] },
      // Who makes a distribution that logs lets CloudFront set the log bucket's ACL ("Standard logging (legacy)").
      {
        actions: actions("s3", "PutBucketAcl"),
        resources: [`arn:${account.partition}:s3:::${prefix}-pages-log-*`],
      },
    ],
    remove: [
      // One is switched off before it goes.
      {
        actions: actions("cloudfront", "UpdateDistribution", "DeleteDistribution"),
        resources: distributions,
        conditions: ours,
      },
      ...untagged("Delete"),
      { actions: all("Delete", WITHOUT_RESOURCES), resources: ["*"] },
    ],
  };
}
