import { describe, expect, test } from "vitest";
import { type DatabaseDialect, parseDatabaseUrl } from "../../../../bench/providers/sql/database-url.ts";
import { InputError } from "../../../../config/problem.ts";

const dialect: DatabaseDialect = {
  name: "PostgreSQL",
  schemes: ["postgresql", "postgres"],
  defaultPort: 5432,
  hasUnlogged: true,
};

function problemsOf(text: string, changes: Partial<DatabaseDialect> = {}): string {
  try {
    parseDatabaseUrl(text, { ...dialect, ...changes });
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as InputError).message;
  }
  return "none";
}

describe("the URL of a database", () => {
  test("names host, port, user and database, each as it was before it was encoded", () => {
    expect(parseDatabaseUrl("postgresql://us%40er:pa%2Fss@db.example/asp%20state", dialect)).toMatchObject({
      host: "db.example",
      port: 5432,
      user: "us@er",
      database: "asp state",
      poolMax: 20,
      durable: true,
    });
  });

  test("gives the driver what is the driver's, under the scheme that it knows", () => {
    const { url, poolMax, durable } = parseDatabaseUrl(
      "postgres://u:p@h:1/d?pool_max=50&sslmode=disable&durable=false",
      dialect,
    );
    expect(url).toBe("postgresql://u:p@h:1/d?sslmode=disable");
    expect({ poolMax, durable }).toEqual({ poolMax: 50, durable: false });
  });

  test("that is wrong in several places is told once, with all of them and without the password", () => {
    const message = problemsOf("postgresql://:swordfish@h?pool_max=0&durable=maybe");
    for (const part of ["database is missing", "user is missing", "pool_max is 0", "durable is maybe"]) {
      expect(message).toContain(part);
    }
    expect(message).not.toContain("swordfish");
  });

  test.each(["", "h:5432/d", "mysql://u:swordfish@h/d", "data source=h;password=swordfish"])(
    "of another kind is refused with an example: %s",
    (text) => {
      const message = problemsOf(text);
      expect(message).toContain("write postgresql://user:password@127.0.0.1:5432/database");
      expect(message).not.toContain("swordfish");
    },
  );

  test("asks for tables without a log only where there are any", () => {
    expect(problemsOf("postgresql://u:p@h/d?durable=false", { hasUnlogged: false })).toContain(
      "has no tables without a log",
    );
  });
});
