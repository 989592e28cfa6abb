import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { Cloud } from "../../scripts/cloud/cloud";
import { callCloud } from "../support/cloud/call-cloud";
import { cloudMissing, startCloud } from "../support/cloud/cloud";
import { EmulatedLambda } from "../support/cloud/emulated/emulated-lambda";
import { EmulatedRoles, policy, type Statement } from "../support/cloud/roles/emulated-roles";
import { describeUnless } from "../support/files/real-data";

const MINUTES = 60_000;
const REGION = "eu-central-1";
const BUCKET = "permissions-services";
const TRUST = [{ Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }];
const READ: Statement = { Action: "s3:GetObject", Resource: `arn:aws:s3:::${BUCKET}/*` };
const NETWORK: Statement = {
  Action: ["ec2:*NetworkInterface*", "ec2:*PrivateIpAddresses", "ec2:DescribeSubnets"],
  Resource: "*",
};
/** Reads an object with whatever credentials its environment has. */
const READER = `
  import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
  const s3 = new S3Client({ forcePathStyle: true });
  export const handler = ({ Key }) =>
    s3.send(new GetObjectCommand({ Bucket: "${BUCKET}", Key })).then(() => "read", ({ name, message }) => name + ": " + message);`;

describeUnless(cloudMissing, "services of the emulated AWS act with the roles that they were given", () => {
  let cloud: Cloud;
  let lambda: EmulatedLambda;
  let roles: EmulatedRoles;

  beforeAll(async () => {
    ({ cloud } = await startCloud());
    lambda = new EmulatedLambda(cloud);
    roles = new EmulatedRoles(cloud);
    const s3 = new S3Client(cloud.client);
    const CreateBucketConfiguration = { LocationConstraint: REGION } as const;
    await s3.send(new CreateBucketCommand({ Bucket: BUCKET, CreateBucketConfiguration }));
    for (const Key of ["a", "b"]) await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: "a" }));
  }, 5 * MINUTES);

  afterAll(() => cloud?.stop());

  test("a function's code may do what its role may", async () => {
    // Prepare
    const few = { ...READ, Resource: `arn:aws:s3:::${BUCKET}/a` };
    await lambda.create("reader", READER, { role: await roles.create("reader", { trust: TRUST, allowed: [few] }) });

    // Act
    const [own, other] = [await lambda.invoke("reader", { Key: "a" }), await lambda.invoke("reader", { Key: "b" })];

    // Assess
    expect(own.payload).toBe("read");
    expect(other.payload).toMatch(
      /^AccessDenied: User: .*assumed-role\/reader\/reader is not authorized .*s3:GetObject/,
    );
  });

  test("a function in a VPC may do what its endpoints let through", async () => {
    // Prepare
    const vpc = await ec2("vpcId", { Action: "CreateVpc", CidrBlock: "10.0.0.0/16" });
    const subnet = await ec2("subnetId", { Action: "CreateSubnet", VpcId: vpc, CidrBlock: "10.0.0.0/24" });
    await ec2("vpcEndpointId", {
      Action: "CreateVpcEndpoint",
      VpcId: vpc,
      ServiceName: `com.amazonaws.${REGION}.s3`,
      PolicyDocument: policy([{ ...READ, Principal: "*", Resource: `arn:aws:s3:::${BUCKET}/a` }]),
    });
    const role = await roles.create("inside", { trust: TRUST, allowed: [READ, NETWORK] });
    await lambda.create("inside", READER, { role, vpc: subnet });

    // Act
    const [through, stopped] = [
      await lambda.invoke("inside", { Key: "a" }),
      await lambda.invoke("inside", { Key: "b" }),
    ];

    // Assess
    expect(through.payload).toBe("read");
    expect(stopped.payload).toContain("because no VPC endpoint policy allows the s3:GetObject action");
  });

  test.each<[string, string, () => Promise<string>, { vpc?: boolean }]>([
    ["that does not trust it", "cannot be assumed by Lambda", () => roles.create("of-nobody"), {}],
    [
      "that may make no network interface, for a function in a VPC",
      "does not have permissions to call CreateNetworkInterface on EC2",
      () => roles.create("of-no-network", { trust: TRUST }),
      { vpc: true },
    ],
  ])("Lambda makes no function with a role %s", async (_, message, prepare, settings) => {
    // Prepare
    const role = await prepare();

    // Act
    const refused = await lambda.tryCreate("refused", READER, { role, ...settings });

    // Assess
    expect([refused.status, await refused.json()]).toEqual([
      400,
      expect.objectContaining({ __type: "InvalidParameterValueException", message: expect.stringContaining(message) }),
    ]);
  });

  test("Lambda polls no queue that the function's role may not read", async () => {
    // Prepare
    await lambda.create("poller", READER, { role: await roles.create("of-no-queue", { trust: TRUST }) });
    const EventSourceArn = `arn:aws:sqs:${REGION}:123456789012:any`;

    // Act
    const refused = await callCloud(cloud, {
      service: "lambda",
      path: "/2015-03-31/event-source-mappings/",
      body: { FunctionName: "poller", EventSourceArn },
    });

    // Assess
    expect([refused.status, await refused.text()]).toEqual([
      400,
      expect.stringContaining("call ReceiveMessage on SQS"),
    ]);
  });

  test("a route table is removed from a subnet by a role that may change both", async () => {
    // Prepare
    const vpc = await ec2("vpcId", { Action: "CreateVpc", CidrBlock: "10.1.0.0/16" });
    const subnet = await ec2("subnetId", { Action: "CreateSubnet", VpcId: vpc, CidrBlock: "10.1.0.0/24" });
    const table = await ec2("routeTableId", { Action: "CreateRouteTable", VpcId: vpc });
    const associate = { Action: "AssociateRouteTable", RouteTableId: table, SubnetId: subnet };
    const AssociationId = await ec2("associationId", associate);
    const allowed = [{ Action: "ec2:DisassociateRouteTable", Resource: `arn:aws:ec2:*:*:route-table/${table}` }];

    // Act
    const refused = await callCloud(cloud, {
      service: "ec2",
      body: new URLSearchParams({ Version: "2016-11-15", Action: "DisassociateRouteTable", AssociationId }),
      credentials: await roles.session("takes-tables-off", { allowed }),
    });

    // Assess
    expect([refused.status, await refused.text()]).toEqual([403, expect.stringContaining(`subnet/${subnet}`)]);
  });

  async function ec2(field: string, parameters: Readonly<Record<string, string>>): Promise<string> {
    const body = new URLSearchParams({ Version: "2016-11-15", ...parameters });
    const xml = await (await callCloud(cloud, { service: "ec2", body })).text();
    return xml.match(new RegExp(`<${field}>([^<]+)</${field}>`))?.[1] ?? "";
  }
});
