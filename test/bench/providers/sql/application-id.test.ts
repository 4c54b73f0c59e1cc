import { describe, expect, test } from "vitest";
import { applicationIdHash, asyncApplicationIdHash, rowKey } from "../../../../bench/providers/sql/application-id.ts";

describe("the number of an application", () => {
  test("makes the row key that is published for the root of site 1", () => {
    expect(applicationIdHash("/lm/w3svc/1/root")).toBe(538_231_025);
    expect(rowKey("4m4irghotazmxblpyakfaw1d", "/LM/W3SVC/1/ROOT")).toBe("4m4irghotazmxblpyakfaw1d2014c0f1");
  });

  test("is negative where the hash has its highest bit", () => {
    expect(applicationIdHash("/LM/W3SVC/1/ROOT/app")).toBe(-1_382_753_377);
    expect(rowKey("id", "/lm/w3svc/1/root/app")).toBe("idad94db9f");
  });

  test("takes eight digits however small it is", () => {
    expect(rowKey("id", 10)).toBe("id0000000a");
    expect(rowKey("id", "")).toBe("id00001505");
  });

  test("is another one for the asynchronous provider, which minds the case of the name", () => {
    expect(asyncApplicationIdHash("/LM/W3SVC/1/ROOT/app")).toBe("2A3F9660");
    expect(asyncApplicationIdHash("/lm/w3svc/1/root/app")).not.toBe("2A3F9660");
  });
});
