import { openPglite } from "../../etl/adapters/pglite";
import { describeCovid } from "../support/covid-suite";

describeCovid("PGlite", () => openPglite());
