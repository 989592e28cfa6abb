import { openPglite } from "../../etl/adapters/pglite/pglite";
import { describeImportModel } from "../support/models/import-model";
import { describeImportHabits } from "../support/suites/import-habits-suite";
import { describeImport } from "../support/suites/import-suite";
import { describeImportValues } from "../support/suites/import-values-suite";
import { describeImportWatch } from "../support/suites/import-watch-suite";
import { describeLostTables } from "../support/suites/lost-tables-suite";
import { describeRejectedObjects } from "../support/suites/rejected-objects-suite";
import { describeUnendedImports } from "../support/suites/unended-imports-suite";

describeImport("PGlite", openPglite);
describeImportValues("PGlite", openPglite);
describeImportHabits("PGlite", openPglite);
describeImportWatch("PGlite", openPglite);
describeUnendedImports("PGlite", openPglite);
describeLostTables("PGlite", openPglite);
describeRejectedObjects("PGlite", openPglite);
describeImportModel("PGlite", openPglite, 25);
