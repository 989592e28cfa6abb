import { MillraceError } from "../../../../../etl/core/errors";
import { ProgramError } from "../../../../../scripts/command-line/run-program";
import { explainTerraform, terraformErrors } from "../../../../../scripts/deliver/terraform/terraform-errors";

/** As cdktf 0.21 prints it: the stack's name before the first line of a chunk, and the errors once more at the end. */
const SAID = [
  "etl  aws_sqs_queue.q: Still destroying... [10s elapsed]",
  "etl  \u001b[31m╷\u001b[0m",
  "     │ Warning: Resource targeting is in effect",
  "     ╵",
  "etl  ╷",
  "     │ \u001b[1mError: deleting RDS DB Instance (feeds): Cannot delete protected DB instance",
  "     │ ",
  "     │   with aws_db_instance.database,",
  "     ╵",
  "     ╷",
  "     │ Error: deleting S3 Bucket (raw): BucketNotEmpty",
  "     ╵",
  "Invoking Terraform CLI failed with exit code 1",
  "╷",
  "│ Error: deleting S3 Bucket (raw): BucketNotEmpty",
  "╵",
].join("\n");

describe("what Terraform gives as errors", () => {
  test("is each of them once, without colours, warnings and progress", () => {
    expect(terraformErrors(SAID)).toEqual([
      "Error: deleting RDS DB Instance (feeds): Cannot delete protected DB instance\n  with aws_db_instance.database,",
      "Error: deleting S3 Bucket (raw): BucketNotEmpty",
    ]);
  });

  test("is shown in place of the whole output, and output without errors unchanged", () => {
    const explained = explainTerraform(new ProgramError("cdktf destroy", 1, SAID), "It failed", "Again");
    const other = new ProgramError("cdktf destroy", 1, "it is not there");

    expect(explained).toBeInstanceOf(MillraceError);
    expect(String(explained)).not.toContain("Still destroying");
    expect(String(explained)).toContain("BucketNotEmpty. Again");
    expect(explainTerraform(other, "It failed", "Again")).toBe(other);
  });

  test.each([
    "creating AWS DynamoDB Table (ledger): ResourceInUseException: Table already exists: ledger",
    "creating IAM Role (load): EntityAlreadyExists: Role with name load already exists.",
    "creating S3 Bucket (raw): BucketAlreadyOwnedByYou",
    "creating SNS Topic: ResourceAlreadyExistsException",
  ])("is told with its address where AWS has it already: %s", (text) => {
    const said = ["╷", `│ Error: ${text}`, "│ ", "│   with aws_some_thing.of_ours_1234 (of/ours),", "╵"].join("\n");
    const explained = String(explainTerraform(new ProgramError("cdktf deploy", 1, said), "It failed", "Again"));

    expect(explained).toMatch(/in no state: aws_some_thing\.of_ours_1234\. .*terraform import.*\. Again/s);
    expect(String(explainTerraform(new ProgramError("cdktf", 1, SAID), "It failed", "Again"))).not.toContain("import");
  });
});
