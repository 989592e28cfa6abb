import type { Notification, Notifier } from "../../core/ports";

/** Prints to standard error what SNS would send by e-mail. */
export class ConsoleNotifier implements Notifier {
  async notify({ subject, text }: Notification): Promise<void> {
    process.stderr.write(`notification: ${subject}: ${text}\n`);
  }
}
