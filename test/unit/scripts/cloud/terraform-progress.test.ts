import { terraformProgress } from "../../../../scripts/cloud/terraform-progress";

describe("Terraform's progress", () => {
  test("is how many of the planned resources are done, at most every so often, and the last in any case", () => {
    // Prepare
    const { said, tell } = toldProgress();
    const made = (address: string, at: number) => {
      tell(`\u001b[0m\u001b[1m${address}: Creation complete after 1s [id=x]\u001b[0m`, at);
    };

    // Act
    tell("\u001b[1mPlan:\u001b[0m 4 to add, 0 to change, 0 to destroy.");
    tell("aws_vpc.v: Creating...");
    made("aws_vpc.v", 1);
    made("aws_subnet.a", 12);
    made("aws_subnet.b", 13);
    made("aws_subnet.c", 14);

    // Assess
    expect(said).toEqual([
      "4 resources to create or change",
      "2 of 4 done, the last is aws_subnet.a",
      "4 of 4 done, the last is aws_subnet.c",
    ]);
  });

  test("says what is being waited for while nothing is done", () => {
    // Prepare
    const { said, tell } = toldProgress();
    const still = (address: string, at: number, elapsed: string) => {
      tell(`etl  \u001b[1m${address}: Still creating... [${elapsed} elapsed]\u001b[0m`, at);
    };
    tell("Plan: 2 to add, 0 to change, 0 to destroy.");

    // Act
    still("aws_db_instance.d", 9, "00m10s");
    still("aws_db_instance.d", 10, "00m20s");
    still("aws_sqs_queue.q", 11, "id=x, 10s");
    still("aws_sqs_queue.q", 20, "id=x, 20s");

    // Assess
    expect(said.slice(1)).toEqual([
      "0 of 2 done; still waiting for aws_db_instance.d: 00m20s so far",
      "0 of 2 done; still waiting for aws_sqs_queue.q: 20s so far",
    ]);
  });

  test("counts each stack for itself, and says nothing of one without changes", () => {
    const { said, tell } = toldProgress();

    tell("Plan: 1 to add, 0 to change, 0 to destroy.");
    tell("aws_vpc.v: Creation complete after 1s");
    tell("No changes. Your infrastructure matches the configuration.");
    tell("Plan: 1 to add, 1 to change, 0 to destroy.");
    tell("aws_sqs_queue.q: Modifications complete after 0s");

    expect(said).toEqual([
      "1 resource to create or change",
      "1 of 1 done, the last is aws_vpc.v",
      "2 resources to create or change",
    ]);
  });

  test("says of a destruction what it is, also where cdktf puts the stack's name before a line", () => {
    const { said, tell } = toldProgress();

    tell("etl  Plan: 0 to add, 0 to change, 1 to destroy.");
    tell("etl  aws_sqs_queue.q: Destruction complete after 1s");

    expect(said).toEqual(["1 resource to destroy", "1 of 1 done, the last is aws_sqs_queue.q"]);
  });
});

/** What is said of lines that come at these milliseconds; without one, at that of the line before. */
function toldProgress() {
  const said: string[] = [];
  let clock = 0;
  const progress = terraformProgress(
    (text) => said.push(text),
    10,
    () => clock,
  );
  const tell = (line: string, at = clock) => {
    clock = at;
    progress(line);
  };
  return { said, tell };
}
