import { parseRecording } from "../../../../../scripts/project/permissions/recording";

const ROLE = "arn:aws:iam::123456789012:role/millrace-dev-covid-fetch";
const document = (Action: string) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action, Resource: "*" }],
});
const role = (action: string) => ({ role: ROLE, trust: {}, identity: { granted: document(action) }, boundary: null });
const decision = (principal: string, action: string) => ({
  ...{ principal, action, resource: "*", context: {}, resourcePolicy: null, decision: "Allowed", reason: "" },
});
const lines = (...all: readonly object[]) => all.map((line) => `${JSON.stringify(line)}\n`).join("");

describe("a recording", () => {
  test("gives each decision the policies that its role had then", () => {
    const text = lines(
      role("s3:GetObject"),
      decision(ROLE, "s3:GetObject"),
      role("s3:*"),
      decision(ROLE, "s3:PutObject"),
    );

    const { roles, decisions } = parseRecording("covid", text);

    expect(roles).toHaveLength(2);
    expect(decisions.map((one) => one.role?.identity.granted)).toEqual([document("s3:GetObject"), document("s3:*")]);
  });

  test("has no policy that an attack gave to a role", () => {
    const attacked = { ...role("s3:*"), identity: { granted: document("s3:*"), "attack-more": document("*") } };

    const { roles } = parseRecording("attacks", lines(attacked));

    expect(roles.map(({ identity }) => identity)).toEqual([{ granted: document("s3:*") }]);
  });

  test("leaves services without policies of their own", () => {
    const { decisions } = parseRecording("covid", lines(decision("service:s3.amazonaws.com", "sqs:SendMessage")));

    expect(decisions).toMatchObject([{ principal: "service:s3.amazonaws.com", role: undefined }]);
  });

  test("is refused with the line that is neither a role nor a decision", () => {
    const text = lines(role("s3:*"), { action: "s3:GetObject", decision: "Perhaps" });

    expect(() => parseRecording("covid", text)).toThrow(/Line 2 of covid's recording .*Perhaps/);
  });
});
