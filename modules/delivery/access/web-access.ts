import type { Construct } from "constructs";
import { Account } from "../../account";
import type { Statement } from "../../function/policy";
import { type Access, type AccessScope, actions, tagged, taggedIfAny } from "./access";

/** For resources with neither tags nor a name in their ARN: IAM sees ids only. */
const UNTAGGED = {
  OriginAccessControl: "origin-access-control",
  ResponseHeadersPolicy: "response-headers-policy",
} as const;
/** The Service Authorization Reference lists no resources for these. */
const WITHOUT_RESOURCES = ["PublicKey", "KeyGroup"] as const;

/** Distributions, with their keys, headers and origin access; only if `pages.web` is enabled. */
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
      // Creating a distribution needs TagResource, too. A new one has no tags; without that condition, one of another
      // environment could be made ours by tagging it.
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
      // Creating a distribution with logs lets CloudFront set the log bucket's ACL ("Standard logging (legacy)").
      {
        actions: actions("s3", "PutBucketAcl"),
        resources: [`arn:${account.partition}:s3:::${prefix}-pages-log-*`],
      },
    ],
    remove: [
      // A distribution is disabled before it is deleted.
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
