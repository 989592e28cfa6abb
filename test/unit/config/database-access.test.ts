import { parseConfig } from "../../../config/parse";

const refusal = (database: object): string => {
  try {
    parseConfig({ environment: "dev", database } as never, "config/dev.ts");
  } catch (error) {
    return (error as Error).message;
  }
  return "";
};

describe("database.access", () => {
  test.each([
    ...["0.0.0.0/0", "::/0", "0.0.0.0/1", "128.0.0.0/1", "8.8.8.0/24", "10.0.0.0/7", "192.168.0.0/13", "172.16.0.0/11"],
    ...["10.0.0.1/8", "10.0.0.0", "10.0.0.0/33", "169.254.0.0/16", "fd00::/8"],
  ])("does not take the range %s", (cidr) => {
    expect(refusal({ mode: "create", access: { cidrs: ["10.20.0.0/16", cidr] } })).toMatch(
      /database\.access\.cidrs\.?\[?1\]?: got .*, allowed is an IPv4 range of RFC 1918/,
    );
  });

  test.each(["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "10.1.2.3/32"])("takes the range %s", (cidr) => {
    expect(refusal({ mode: "create", access: { cidrs: [cidr] } })).toBe("");
  });

  test("takes each once, and identifiers of their kind", () => {
    expect(refusal({ mode: "create", access: { cidrs: ["10.0.0.0/8", "10.0.0.0/8"] } })).toMatch(/each once/);
    expect(refusal({ mode: "create", access: { securityGroupIds: ["pl-0a1b2c3d"] } })).toMatch(/begins with sg-/);
    expect(refusal({ mode: "create", access: { prefixListIds: ["sg-0a1b2c3d"] } })).toMatch(/begins with pl-/);
  });

  test("says of an existing database that it is its owner's", () => {
    const existing = {
      mode: "existing",
      host: "feeds.example.com",
      name: "feeds",
      secretArn: "arn:aws:secretsmanager:eu-central-1:111122223333:secret:feeds-AbCdEf",
      securityGroupId: "sg-0a1b2c3d4e5f60718",
    };

    expect(refusal(existing)).toBe("");
    expect(refusal({ ...existing, access: {} })).toMatch(
      /access.*owner of an existing database decides who may connect, in the database's own security group/s,
    );
  });
});
