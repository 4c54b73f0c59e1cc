// sessionlab aspstate-sql: the T-SQL that makes the tables and procedures of SQLServer mode where no aspnet_regsql is at hand.

import { Command } from "commander";
import { aspStateSql } from "../bench/providers/sql/aspstate-sql.ts";

export function aspStateSqlCommand(): Command {
  return new Command("aspstate-sql")
    .description(
      "print a T-SQL script with the tables and procedures of SQLServer mode, for a SQL Server that has none",
    )
    .addHelpText(
      "after",
      `
The script makes what is missing and changes nothing that is there. It has not been tried on a real SQL Server yet.

Examples:
  sessionlab aspstate-sql > aspstate.sql
  sqlcmd -S server -U login -d ASPState -i aspstate.sql`,
    )
    .action(() => {
      process.stdout.write(aspStateSql);
    });
}
