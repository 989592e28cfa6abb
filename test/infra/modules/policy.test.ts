import { policyText } from "../../../modules/function/policy";

describe("policyText", () => {
  test("joins what several grants give on the same resources, once", () => {
    const text = policyText([
      { actions: ["kms:Decrypt"], resources: ["key"] },
      { actions: ["kms:GenerateDataKey", "kms:Decrypt"], resources: ["key"] },
    ]);

    expect(JSON.parse(text).Statement).toEqual([
      { Effect: "Allow", Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: ["key"] },
    ]);
  });

  test("keeps apart what differs in effect, resource or condition", () => {
    const conditions = { StringEquals: { "aws:SourceAccount": "1" } };
    const text = policyText([
      { actions: ["a:B"], resources: ["x"] },
      { actions: ["a:C"], resources: ["y"] },
      { actions: ["a:D"], resources: ["x"], conditions },
      { actions: ["a:E"], resources: ["x"], effect: "Deny" },
    ]);

    expect(JSON.parse(text).Statement).toEqual([
      { Effect: "Allow", Action: ["a:B"], Resource: ["x"] },
      { Effect: "Allow", Action: ["a:C"], Resource: ["y"] },
      { Effect: "Allow", Action: ["a:D"], Resource: ["x"], Condition: conditions },
      { Effect: "Deny", Action: ["a:E"], Resource: ["x"] },
    ]);
  });
});
