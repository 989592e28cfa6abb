import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { IAMClient } from "@aws-sdk/client-iam";
import { refuseAttachedPolicies } from "../../../../../scripts/deliver/bootstrap/attached-policies";

type Holders = Readonly<Record<string, string>>;

describe("refuseAttachedPolicies", () => {
  let server: Server;
  /** Of each policy of the account, who has it: the members of ListEntitiesForPolicy. */
  let policies: Holders;

  beforeAll(async () => {
    server = createServer((request, response) => {
      text(request).then((body) => response.end(answer(new URLSearchParams(body), policies)), response.destroy);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
  });

  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  test.each<[string, Holders]>([
    ["nobody has its policies", { "bootstrap-millrace-dev-reader": "", "bootstrap-millrace-dev-boundary": "" }],
    ["it has none any more", {}],
    ["others have policies of others", { "bootstrap-millrace-prod-reader": role("ann"), "of-ours": role("ben") }],
  ])("lets go where %s", async (_, given) => {
    policies = given;

    await expect(refuse()).resolves.toBeUndefined();
  });

  test.each([
    ["reader", role("ann"), "role ann"],
    ["operator", list("PolicyUsers", "UserName", "ben"), "user ben"],
    ["links", list("PolicyGroups", "GroupName", "shift"), "group shift"],
    ["boundary", role("left-over"), "role left-over"],
  ])("refuses while somebody has %s, and names who", async (kind, holders, named) => {
    policies = { "bootstrap-millrace-dev-reader": "", [`bootstrap-millrace-dev-${kind}`]: holders };

    await expect(refuse()).rejects.toThrow(
      new RegExp(`^Nothing was destroyed.*${named} has bootstrap-millrace-dev-${kind}`, "s"),
    );
  });

  function refuse(): Promise<void> {
    const { port } = server.address() as AddressInfo;
    const credentials = { accessKeyId: "any", secretAccessKey: "any" };
    const iam = new IAMClient({ region: "eu-central-1", endpoint: `http://127.0.0.1:${port}`, credentials });
    return refuseAttachedPolicies(iam, { project: "millrace", environment: "dev" });
  }
});

function role(name: string): string {
  return list("PolicyRoles", "RoleName", name);
}

function list(kind: string, field: string, name: string): string {
  return `<${kind}><member><${field}>${name}</${field}></member></${kind}>`;
}

function answer(asked: URLSearchParams, policies: Holders): string {
  const arn = (name: string) => `arn:aws:iam::111122223333:policy/${name}`;
  const action = asked.get("Action") ?? "";
  const result =
    action === "ListPolicies"
      ? `<Policies>${Object.keys(policies)
          .map((name) => `<member><PolicyName>${name}</PolicyName><Arn>${arn(name)}</Arn></member>`)
          .join("")}</Policies>`
      : Object.entries(policies).find(([name]) => arn(name) === asked.get("PolicyArn"))?.[1];
  return `<${action}Response xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><${action}Result>
    <IsTruncated>false</IsTruncated>${result}</${action}Result></${action}Response>`;
}
