import { NotifyingStateMachine } from "../../../modules/workflow/notifying-state-machine";
import { longestSeconds, stepRetries } from "../../../modules/workflow/retries";
import type { MapState, StateMachineDefinition, TaskState } from "../../../modules/workflow/states";
import { inAccount } from "../support/account";
import { createParts } from "../support/parts";
import { synthesizeConstruct } from "../support/synthesize";

const HOURS = 3600;
const template = synthesizeConstruct((scope) => {
  const { key, topic, bucket, createFunction } = createParts(scope, { events: false });
  const cut = createFunction("cut");
  new NotifyingStateMachine(scope, "machine", {
    pipeline: "feeds",
    ...{ name: "feeds", description: "Of the test.", key, logRetentionDays: 1, topic, startAt: "cut" },
    steps: {
      cut: {
        ...{ function: cut, payload: {}, resultSelector: { "list.$": "$.Payload" }, resultPath: "$", retryOn: [] },
        next: "load parts",
      },
      sum: {
        ...{ function: cut, payload: {}, resultSelector: {}, resultPath: "$", retryOn: [] },
        elements: { of: "load parts", failed: "PartsMissing" },
      },
    },
    maps: {
      "load parts": {
        function: createFunction("load", { timeoutSeconds: 900 }),
        items: { bucketPath: "$.list.bucket", keyPath: "$.list.key" },
        payload: { "part.$": "$$.Map.Item.Value" },
        itemName: "$.event.part.name",
        retryOn: ["TransientError"],
        maxConcurrency: 7,
        bucket,
        prefix: "parts/",
        longestSeconds: 10 * HOURS,
        next: "sum",
      },
    },
    successMessage: "States.Format('done')",
  });
});
const definition: StateMachineDefinition = JSON.parse(
  inAccount(String(template.only("aws_sfn_state_machine").definition)),
);
const map = definition.States["load parts"] as MapState;
const child = map.ItemProcessor.States;

describe("a Distributed Map", () => {
  test("reads its items from S3, works on so many at once, and on all, whatever becomes of the others", () => {
    expect(map).toMatchObject({
      Label: "load-parts",
      ItemReader: {
        Resource: "arn:aws:states:::s3:getObject",
        ReaderConfig: { InputType: "JSON" },
        Parameters: { "Bucket.$": "$.list.bucket", "Key.$": "$.list.key" },
      },
      MaxConcurrency: 7,
      ToleratedFailurePercentage: 100,
      Next: "sum",
    });
  });

  test("keeps results out of the execution, whose state may have 256 KiB", () => {
    expect(map.ResultWriter.Resource).toBe("arn:aws:states:::s3:putObject");
    expect(map.ResultWriter.Parameters).toMatchObject({ Prefix: "parts/results" });
    expect(map.ResultPath).toBeNull();
  });

  test("has names that are unique in the whole machine, as Step Functions wants them", () => {
    const names = [...Object.keys(definition.States), ...Object.keys(child)];

    expect(new Set(names).size).toBe(names.length);
  });

  test("calls the function for each item, longer than its time-out, again after transient errors and kills", () => {
    const task = child["load parts item"] as TaskState;

    expect(map.ItemProcessor).toMatchObject({ ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" } });
    expect(map.ItemProcessor.StartAt).toBe("load parts item");
    expect(task.TimeoutSeconds).toBe(915);
    expect(task.Retry.flatMap(({ ErrorEquals }) => ErrorEquals)).toEqual(
      expect.arrayContaining(["TransientError", "Sandbox.Timedout", "Runtime.ExitError", "Lambda.ServiceException"]),
    );
  });

  test("keeps what failed where the run finds it, and fails the item whether or not that went well", () => {
    const keep = child["keep failure of load parts item"] as TaskState;
    const find = definition.States["which item of load parts"] as TaskState;

    expect((child["load parts item"] as TaskState).Catch).toEqual([
      { ErrorEquals: ["States.ALL"], ResultPath: "$.failure", Next: "keep failure of load parts item" },
    ]);
    expect(keep.Parameters).toMatchObject({
      "Key.$": "States.Format('parts/failures/{}.json', $.run)",
      Body: { "step.$": "States.Format('load parts of {}', $.event.part.name)", "failure.$": "$.failure" },
    });
    expect([keep.Next, ...keep.Catch.map(({ Next }) => Next)]).toEqual([
      "load parts item failed",
      "load parts item failed",
    ]);
    expect(map.ItemSelector).toMatchObject({ "run.$": "$$.Execution.Name" });
    expect(find.Parameters).toMatchObject({ "Key.$": "States.Format('parts/failures/{}.json', $$.Execution.Name)" });
  });

  test("publishes the failed item's step and error, and the step's that found it missing where none was kept", () => {
    expect((definition.States.sum as TaskState).Catch).toEqual([
      { ErrorEquals: ["PartsMissing"], ResultPath: "$.failure", Next: "which item of load parts" },
      { ErrorEquals: ["States.ALL"], ResultPath: "$.failure", Next: "sum failed" },
    ]);
    expect(map.Catch).toEqual([{ ErrorEquals: ["States.ALL"], ResultPath: "$.failure", Next: "load parts failed" }]);
    expect(definition.States["which item of load parts"]).toMatchObject({
      Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: null, Next: "load parts failed" }],
      Next: "take failure of load parts",
    });
    expect(definition.States["take failure of load parts"]).toMatchObject({ ResultPath: "$.failure" });
    expect(definition.States["take item of load parts"]).toMatchObject({ ResultPath: "$.step", Next: "what cause" });
    expect(definition.States["load parts failed"]).toMatchObject({ Result: "load parts", Next: "what cause" });
  });

  test("adds the time that all items may take to what the steps' tries can take", () => {
    const steps = 2 * longestSeconds(30 + 15, stepRetries([]));

    expect(definition.TimeoutSeconds).toBeGreaterThan(10 * HOURS + steps);
    expect(definition.TimeoutSeconds).toBeLessThan(11 * HOURS);
  });

  test("lets the machine run itself, read below its prefix and write results and failures, nothing else", () => {
    const [policy] = template.policies().filter(({ place }) => place.startsWith("aws_iam_role_policy.machine_"));
    const allowed = policy?.statements
      .filter(({ resources }) => !resources.includes("*") && !/kms|sns|lambda/.test(String(resources)))
      .map(({ actions, resources }) => [
        ...actions,
        String(resources).replace(/^.*(:|\/)(?=[a-zA-Z]+:feeds|parts)/, ""),
      ]);

    expect(allowed).toEqual([
      ["states:StartExecution", "stateMachine:feeds"],
      ["states:DescribeExecution", "states:StopExecution", "execution:feeds:*"],
      ["s3:GetObject", "parts/*"],
      ["s3:ListBucket", expect.stringContaining("aws_s3_bucket.incoming")],
      ["s3:PutObject", "parts/failures/*"],
      ["s3:AbortMultipartUpload", "s3:ListMultipartUploadParts", "s3:PutObject", "parts/results/*"],
    ]);
  });
});
