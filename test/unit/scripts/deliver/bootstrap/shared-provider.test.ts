import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { IAMClient } from "@aws-sdk/client-iam";
import { loadConfig } from "../../../../../config/load";
import { refuseSharedProvider } from "../../../../../scripts/deliver/bootstrap/shared-provider";

const GITHUB = { Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" };
const LAMBDA = { Service: "lambda.amazonaws.com" };
const OWN = ["bootstrap-millrace-dev-deploy", GITHUB] as const;

describe("refuseSharedProvider", () => {
  let server: Server;
  let roles: readonly (readonly [name: string, principal: object])[];

  beforeAll(async () => {
    server = createServer((_, response) => response.end(listOf(roles))).listen(0, "127.0.0.1");
    await once(server, "listening");
  });

  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  test.each<[string, typeof roles]>([
    ["its own roles alone trust it", [OWN, ["millrace-dev-covid-load", LAMBDA]]],
    ["no role trusts it", [["somebody's", LAMBDA]]],
  ])("lets go where %s", async (_, given) => {
    roles = given;

    await expect(refuse("dev")).resolves.toBeUndefined();
  });

  test.each(["bootstrap-millrace-prod-deploy", "bootstrap-millrace-dev2-plan", "of-another-project"])(
    "refuses while %s trusts it",
    async (name) => {
      roles = [OWN, [name, GITHUB]];

      await expect(refuse("dev")).rejects.toThrow(new RegExp(`trust GitHub's identity provider.*${name}`, "s"));
    },
  );

  test("lets the environment go that only found it there", async () => {
    roles = [OWN, ["bootstrap-millrace-prod-deploy", GITHUB]];

    await expect(refuse("prod", "existing")).resolves.toBeUndefined();
  });

  function refuse(environment: string, oidcProvider: "create" | "existing" = "create"): Promise<void> {
    const { port } = server.address() as AddressInfo;
    const credentials = { accessKeyId: "any", secretAccessKey: "any" };
    const iam = new IAMClient({ region: "eu-central-1", endpoint: `http://127.0.0.1:${port}`, credentials });
    const config = loadConfig({ ENVIRONMENT: environment });
    return refuseSharedProvider(iam, { ...config, github: { ...config.github, oidcProvider } });
  }
});

function listOf(roles: readonly (readonly [name: string, principal: object])[]): string {
  const members = roles.map(([name, Principal]) => {
    const Statement = [{ Effect: "Allow", Principal, Action: "sts:AssumeRole" }];
    const trust = encodeURIComponent(JSON.stringify({ Version: "2012-10-17", Statement }));
    return `<member><RoleName>${name}</RoleName><AssumeRolePolicyDocument>${trust}</AssumeRolePolicyDocument></member>`;
  });
  const list = `<ListRolesResult><IsTruncated>false</IsTruncated><Roles>${members.join("")}</Roles></ListRolesResult>`;
  return `<ListRolesResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">${list}</ListRolesResponse>`;
}
