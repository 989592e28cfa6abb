import { openPglite } from "../../etl/adapters/pglite/pglite";
import { describeImportHabits } from "../support/import-habits-suite";
import { describeImportModel } from "../support/import-model";
import { describeImport } from "../support/import-suite";
import { describeImportWatch } from "../support/import-watch-suite";
import { describeLostTables } from "../support/lost-tables-suite";
import { describeUnendedImports } from "../support/unended-imports-suite";

describeImport("PGlite", openPglite);
describeImportHabits("PGlite", openPglite);
describeImportWatch("PGlite", openPglite);
describeUnendedImports("PGlite", openPglite);
describeLostTables("PGlite", openPglite);
describeImportModel("PGlite", openPglite, 25);
