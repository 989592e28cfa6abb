import type { CloudtrailAdvancedEventSelectorFieldSelector } from "@cdktf/provider-aws/lib/cloudtrail";

/** What a trail records. */
export interface Recorded {
  /** Whether the account's management events are recorded. */
  readonly managementEvents: boolean;
  /** Buckets whose objects' reads and writes are recorded. */
  readonly bucketArns: readonly string[];
  /** Functions whose invocations are recorded. */
  readonly functionArns: readonly string[];
  /** The trail's own bucket. */
  readonly auditBucketArn: string;
}

interface Selector {
  readonly name: string;
  readonly fields: CloudtrailAdvancedEventSelectorFieldSelector[];
}

/** "AdvancedFieldSelector", CloudTrail API reference: fields of a selector must all fit, values of a field need not. */
export function selectors({ managementEvents, bucketArns, functionArns, auditBucketArn }: Recorded): Selector[] {
  return [
    ...(managementEvents ? [{ name: "management", fields: [of("eventCategory", "Management")] }] : []),
    { name: "objects", fields: data("AWS::S3::Object", { startsWith: bucketArns.map((arn) => `${arn}/`) }) },
    {
      name: "this record",
      fields: [
        ...data("AWS::S3::Object", { startsWith: [`${auditBucketArn}/`] }),
        // Each delivery of a file would be an event of the next one.
        { field: "eventName", notEquals: ["PutObject"] },
      ],
    },
    ...(functionArns.length > 0
      ? [{ name: "functions", fields: data("AWS::Lambda::Function", { equalTo: [...functionArns] }) }]
      : []),
  ];
}

function data(type: string, arns: Pick<CloudtrailAdvancedEventSelectorFieldSelector, "startsWith" | "equalTo">) {
  return [of("eventCategory", "Data"), of("resources.type", type), { field: "resources.ARN", ...arns }];
}

function of(field: string, value: string): CloudtrailAdvancedEventSelectorFieldSelector {
  return { field, equalTo: [value] };
}
