import * as z from "zod";
import { section } from "../kinds";

export const notificationsSchema = section({
  emails: z
    .array(z.email("an e-mail address"), "a list of e-mail addresses")
    .refine((emails) => new Set(emails).size === emails.length, "a list of different e-mail addresses")
    .default([])
    .meta({
      allowed: "a list of e-mail addresses",
      description: "Who is told how each run ended. Every address must confirm AWS's first message.",
      examples: [["data-team@example.com"]],
    }),
});
