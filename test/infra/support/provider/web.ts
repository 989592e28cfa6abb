import { type CallTable, calls, on } from "./resource-calls";

const arn = (rest: string) => `arn:aws:cloudfront::111122223333:${rest}`;
/** What has neither tags nor a name; which of its calls know its id, the Service Authorization Reference says. */
const untagged = (source: string, noun: string, kind: string | undefined) => {
  const its = kind === undefined ? "*" : arn(`${kind}/{id}`);
  return {
    source,
    arn: its,
    make: on("*", "cloudfront", `Create${noun}`),
    read: calls("cloudfront", `Get${noun}`),
    update: calls("cloudfront", `Update${noun}`),
    remove: calls("cloudfront", `Delete${noun}`),
  };
};

export const web: CallTable = {
  aws_cloudfront_distribution: {
    source:
      'cloudfront/distribution.go; the log bucket\'s ACL: "Standard logging (legacy)", CloudFront developer guide',
    arn: arn("distribution/{id}"),
    make: [
      ...on("*", "cloudfront", "CreateDistribution"),
      ...calls("cloudfront", "TagResource"),
      ...on("arn:aws:s3:::millrace-prod-pages-log-111122223333", "s3", "GetBucketAcl", "PutBucketAcl"),
    ],
    read: calls("cloudfront", "GetDistribution", "ListTagsForResource"),
    update: calls("cloudfront", "UpdateDistribution", "TagResource", "UntagResource"),
    // It is switched off first.
    remove: calls("cloudfront", "UpdateDistribution", "DeleteDistribution"),
  },
  aws_cloudfront_origin_access_control: untagged(
    "cloudfront/origin_access_control.go",
    "OriginAccessControl",
    "origin-access-control",
  ),
  aws_cloudfront_response_headers_policy: untagged(
    "cloudfront/response_headers_policy.go",
    "ResponseHeadersPolicy",
    "response-headers-policy",
  ),
  aws_cloudfront_public_key: untagged("cloudfront/public_key.go", "PublicKey", undefined),
  aws_cloudfront_key_group: untagged("cloudfront/key_group.go", "KeyGroup", undefined),
};
