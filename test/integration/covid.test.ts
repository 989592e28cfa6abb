import { openPglite } from "../../etl/adapters/pglite/pglite";
import { describeCovid } from "../support/covid-suite";
import { describeRetention } from "../support/retention-suite";
import { describeWatch } from "../support/watch-suite";

describeCovid("PGlite", () => openPglite());
describeRetention("PGlite", () => openPglite());
describeWatch("PGlite", () => openPglite());
