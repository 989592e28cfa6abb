export const SEVERITIES = ["info", "warning", "error"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** One message of a topic, for people. */
export interface TopicMessage {
  readonly subject: string;
  readonly text: string;
  readonly severity: Severity;
  /** Of a run's message. */
  readonly pipeline?: string;
  /** ISO 8601. */
  readonly time: string;
}

/** SNS's fields of a message. */
export interface SentMessage {
  readonly subject?: string;
  readonly message: string;
  readonly time: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** The parts of an alarm's message that people read ("Using Amazon CloudWatch alarms", CloudWatch user guide). */
interface AlarmMessage {
  readonly AlarmName: string;
  readonly AlarmDescription?: string;
  readonly NewStateValue: string;
  readonly NewStateReason?: string;
}

/** Makes a message for people from SNS's: alarms send JSON, and only runs have a severity. */
export function readMessage({ subject, message, time, attributes }: SentMessage): TopicMessage {
  const alarm = parseAlarm(message);
  const pipeline = attributes.pipeline === undefined ? {} : { pipeline: attributes.pipeline };
  if (alarm === undefined) {
    const title = subject ?? message.split("\n")[0] ?? "";
    return { subject: title, text: message, severity: severityOf(attributes.severity, title), ...pipeline, time };
  }
  return {
    subject: `${alarm.NewStateValue}: ${alarm.AlarmName}`,
    text: [alarm.AlarmDescription, alarm.NewStateReason].filter((line) => line).join("\n"),
    severity: alarm.NewStateValue === "OK" ? "info" : "error",
    ...pipeline,
    time,
  };
}

/** Other messages, for example of a budget, should be read. */
function severityOf(attribute: string | undefined, subject: string): Severity {
  const word = attribute ?? /^([A-Z]+): /.exec(subject)?.[1]?.toLowerCase();
  return SEVERITIES.find((severity) => severity === word) ?? "warning";
}

function parseAlarm(message: string): AlarmMessage | undefined {
  try {
    const value: unknown = JSON.parse(message);
    return isAlarm(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isAlarm(value: unknown): value is AlarmMessage {
  return (
    typeof value === "object" &&
    value !== null &&
    "AlarmName" in value &&
    typeof value.AlarmName === "string" &&
    "NewStateValue" in value &&
    typeof value.NewStateValue === "string"
  );
}
