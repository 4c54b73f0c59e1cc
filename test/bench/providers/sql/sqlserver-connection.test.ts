import { describe, expect, test } from "vitest";
import { parseSqlServerConnection } from "../../../../bench/providers/sql/sqlserver-connection.ts";
import { InputError } from "../../../../config/problem.ts";

const parse = (text: string, allowCustomSqlDatabase = false) =>
  parseSqlServerConnection(text, { allowCustomSqlDatabase });

function problemsOf(text: string, allowCustomSqlDatabase = false) {
  try {
    parse(text, allowCustomSqlDatabase);
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).message).not.toContain("s3cret");
    return (error as InputError).problems;
  }
  throw new Error(`was taken: ${text}`);
}

describe("the connection string of SQLServer mode", () => {
  test("names a server and a login; the database is ASPState", () => {
    expect(parse("data source=db.example;User ID=web;Password=s3cret")).toEqual({
      host: "db.example",
      port: 1433,
      instance: null,
      database: "ASPState",
      user: "web",
      password: "s3cret",
      encrypt: true,
      trustServerCertificate: true,
      connectTimeoutMs: null,
      applicationName: "sessionlab",
      poolMax: 100,
    });
  });

  test.each([
    ["tcp:db,1500", { host: "db", port: 1500, instance: null }],
    ["db\\EXPRESS", { host: "db", port: null, instance: "EXPRESS" }],
    ["db\\EXPRESS,1500", { host: "db", port: 1500, instance: null }],
    [".", { host: "localhost", port: 1433 }],
    ["(local)\\X", { host: "localhost", instance: "X" }],
    ["[::1],1434", { host: "::1", port: 1434 }],
    ["::1", { host: "::1", port: 1433 }],
  ])("finds the server of %s", (server, expected) => {
    expect(parse(`Server=${server};UID=web;PWD=s3cret`)).toMatchObject(expected);
  });

  test("knows ADO.NET's other spellings and values", () => {
    const text =
      'Addr=db;Uid=web;Pwd="s3;cret";Encrypt=Optional;Connection Timeout=7;App=shop;Max Pool Size=5;Persist Security Info=False;Packet Size=4096';
    expect(parse(text)).toMatchObject({
      password: "s3;cret",
      encrypt: false,
      trustServerCertificate: false,
      connectTimeoutMs: 7_000,
      applicationName: "shop",
      poolMax: 5,
    });
    expect(parse("server=db;uid=web;encrypt=strict").encrypt).toBe("strict");
    expect(parse("server=db;uid=web;encrypt=true")).toMatchObject({ encrypt: true, trustServerCertificate: false });
    expect(parse("server=db;uid=web;encrypt=yes;TrustServerCertificate=True").trustServerCertificate).toBe(true);
  });

  test("may name another database only where that is allowed, as ASP.NET words it", () => {
    const text = "data source=db;Initial Catalog=Sessions;user id=web;password=s3cret";
    expect(problemsOf(text)[0]!.expected).toContain("allowCustomSqlDatabase attribute must be set to true");
    expect(parse(text, true).database).toBe("Sessions");
    expect(parse("server=db;database=Sessions;uid=web", true).database).toBe("Sessions");
    expect(problemsOf("server=db;AttachDbFilename=c:\\x.mdf;uid=web", true)[0]!.at).toBe("AttachDbFilename");
  });

  test("cannot log in as a Windows user, and says what to do instead", () => {
    const [problem] = problemsOf("data source=localhost;Integrated Security=SSPI");
    expect(problem).toMatchObject({ at: "Integrated Security", mend: expect.stringMatching(/User ID=…;Password=…/) });
    expect(problemsOf("server=db;trusted_connection=yes;uid=web;pwd=s3cret")[0]!.at).toBe("Integrated Security");
    expect(parse("server=db;Integrated Security=false;uid=web").user).toBe("web");
  });

  test("is refused with everything that is wrong in it", () => {
    const problems = problemsOf(
      "Server=np:db;Integrated Security=maybe;Encrypt=perhaps;TrustServerCertificate=2;Connect Timeout=soon;Max Pool Size=0;Colour=red;Password=s3cret",
    );
    expect(problems.map(({ at }) => at)).toEqual([
      '"colour"',
      "Data Source",
      "Integrated Security",
      "Connect Timeout",
      "Max Pool Size",
      "Encrypt",
      "TrustServerCertificate",
    ]);
    for (const server of ["", "\\\\db\\pipe\\sql", "(localdb)\\v11", "db,70000", "db,0", "admin:db", "a,b,c"]) {
      expect(
        problemsOf(`Server=${server};uid=web;pwd=s3cret`).map(({ at }) => at),
        server,
      ).toEqual(["Data Source"]);
    }
    expect(problemsOf("Password=s3cret;no pair")[0]!.at).toBe("sqlConnectionString");
    expect(problemsOf("server=db").map(({ at }) => at)).toEqual(["User ID"]);
  });
});
