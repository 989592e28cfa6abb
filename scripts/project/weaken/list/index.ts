import type { Weakening } from "../weakening";
import { access } from "./access";
import { audit } from "./audit";
import { connections } from "./connections";
import { database } from "./database";
import { functions } from "./functions";
import { messages } from "./messages";
import { review } from "./review";
import { storage } from "./storage";
import { workflows } from "./workflows";

export const weakenings: readonly Weakening[] = [
  ...storage,
  ...database,
  ...messages,
  ...functions,
  ...access,
  ...audit,
  ...connections,
  ...review,
  ...workflows,
];
