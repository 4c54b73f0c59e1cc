import { afterEach, describe, expect, test } from "vitest";
import { machineClock } from "../../../../bench/clock.ts";
import { createHttpClient } from "../../../../bench/drivers/http/http-client.ts";
import { anotherId, type ProbeFinding, probeSite } from "../../../../bench/drivers/url/probe.ts";
import { resolveSite } from "../../../../bench/drivers/url/site-address.ts";
import {
  createSessions,
  newId,
  type PlainAnswer,
  type PlainRequest,
  type PlainSite,
  startPlainSite,
} from "./plain-site.ts";

let site: PlainSite | null = null;
afterEach(async () => {
  await site?.close();
  site = null;
});

type Answer = (request: PlainRequest) => PlainAnswer;

async function probe(
  answer: Answer,
  { paths = ["/"], sessionCookie = null }: { paths?: string[]; sessionCookie?: string | null } = {},
): Promise<ProbeFinding> {
  site = await startPlainSite(answer);
  const address = await resolveSite(site.origin, { remote: false, insecure: false });
  const client = createHttpClient({
    silenceMaxMs: 5_000,
    lockWaitHeader: null,
    foreign: { address: address.address, hostHeader: address.hostHeader },
  });
  try {
    return await probeSite({
      site: address,
      paths,
      send: client.send,
      clock: machineClock,
      sessionCookie,
      isOver: () => false,
    });
  } finally {
    client.close();
  }
}

const nameOf = ({ carrier }: ProbeFinding) => (carrier.kind === "cookie" ? carrier.name : carrier.kind);

/** Each gives a session cookie beside others that a name or a habit alone would take for one. */
const sites: Readonly<
  Record<string, { readonly answer: () => Answer; readonly found: string; readonly holdsState?: true }>
> = {
  "a cookie of no known name, by its behaviour alone": {
    found: "visitor",
    answer: () => {
      const sessions = createSessions("visitor");
      return (request) => ({ cookies: sessions.welcome(request) });
    },
  },
  "a session that slides: set again with each answer, for twenty minutes": {
    found: "app",
    answer: () => {
      const known = new Set<string>();
      return ({ cookies }) => {
        const brought = cookies.get("app") ?? "";
        const id = known.has(brought) ? brought : newId();
        known.add(id);
        return { cookies: [`app=${id}; path=/; max-age=1200; HttpOnly`] };
      };
    },
  },
  "the session beside a load balancer's cookie, which changes with each answer": {
    found: "wicket",
    answer: () => {
      const sessions = createSessions("wicket");
      return (request) => ({
        cookies: [`AWSALB=${newId()}${newId()}; path=/; max-age=604800`, ...sessions.welcome(request)],
      });
    },
  },
  "the session beside a balancer's cookie that all visitors share": {
    found: "z",
    answer: () => {
      const sessions = createSessions("z");
      return (request) => ({
        cookies: ["node=ffee0011ffee0011ffee0022ab; path=/; HttpOnly", ...sessions.welcome(request)],
      });
    },
  },
  "the session beside a guard against forged requests, whatever the guard's name": {
    found: "who",
    answer: () => {
      const sessions = createSessions("who");
      return (request) => ({
        cookies: [
          ...(request.cookies.has("guard") ? [] : [`guard=${newId()}; path=/; HttpOnly`]),
          ...sessions.welcome(request),
        ],
      });
    },
  },
  "the session beside an antiforgery cookie that behaves as it does": {
    found: "who",
    answer: () => {
      const sessions = createSessions("who", "; path=/");
      const guards = createSessions(".AspNetCore.Antiforgery.abc");
      return (request) => ({ cookies: [...guards.welcome(request), ...sessions.welcome(request)] });
    },
  },
  "a known name before a stranger that behaves as well": {
    found: "connect.sid",
    answer: () => {
      const known = createSessions("connect.sid", "; path=/");
      const stranger = createSessions("zz");
      return (request) => ({ cookies: [...stranger.welcome(request), ...known.welcome(request)] });
    },
  },
  "a cookie that holds the session itself": {
    found: "session",
    holdsState: true,
    answer: () => () => ({ cookies: [`session=${newId()}.${newId()}; path=/; HttpOnly`] }),
  },
};

describe("the session cookie", () => {
  test.each(Object.entries(sites))("is %s", async (_name, { answer, found, holdsState = false }) => {
    const finding = await probe(answer());
    expect(nameOf(finding)).toBe(found);
    expect(finding.carrier).toMatchObject({ holdsState });
    expect(finding.reasons.length).toBeGreaterThan(2);
  });

  test("is none where a site sets only preferences and a counter of visits", async () => {
    const finding = await probe(({ cookies }) => ({
      cookies: cookies.has("_ga") ? [] : ["lang=en; path=/", `_ga=${newId()}; path=/; max-age=63072000`],
    }));
    expect(nameOf(finding)).toBe("none");
    expect(finding.others.join()).toContain("lang (by its name a preference");
  });

  test("is none where a site sets no cookie; it is then asked no more than its page", async () => {
    const finding = await probe(() => ({}));
    expect(nameOf(finding)).toBe("none");
    expect(site?.requests.map(({ path }) => path)).toEqual(["/"]);
  });

  test("is found on a later page when the first does not use the session", async () => {
    const sessions = createSessions("late");
    const finding = await probe((request) => ({ cookies: request.path === "/cart" ? sessions.welcome(request) : [] }), {
      paths: ["/", "/cart"],
    });
    expect(nameOf(finding)).toBe("late");
  });

  test("is what the user says, seen or not", async () => {
    const sessions = createSessions("connect.sid");
    const finding = await probe((request) => ({ cookies: sessions.welcome(request) }), { sessionCookie: "mine" });
    expect(finding).toMatchObject({
      carrier: { name: "mine" },
      reasons: ["you named it", "the first look did not see it"],
    });
  });

  test("may be taken over with any well-formed id, as ASP.NET does: then a lost session cannot be told", async () => {
    const wellFormed = /^[a-z0-5]{24}$/;
    const answer: Answer = ({ cookies }) => {
      const brought = cookies.get("ASP.NET_SessionId") ?? "";
      if (wellFormed.test(brought)) return {};
      const id = [...newId(), ...newId()].map(
        (letter) => "abcdefghijklmnopqrstuvwxyz012345"[letter.charCodeAt(0) % 32],
      );
      return { cookies: [`ASP.NET_SessionId=${id.join("").slice(0, 24)}; path=/; HttpOnly; SameSite=Lax`] };
    };
    expect(await probe(answer)).toMatchObject({ carrier: { name: "ASP.NET_SessionId" }, adoptsIds: true });
    await site?.close();
    const sessions = createSessions("connect.sid");
    expect(await probe((request) => ({ cookies: sessions.welcome(request) }))).toMatchObject({ adoptsIds: false });
  });

  test("is the address where the site redirects into it", async () => {
    const finding = await probe(({ path }) =>
      path.includes("(S(") ? {} : { status: 302, location: `/app/(S(abcdefghijklmnopqrstuvwx))${path}` },
    );
    expect(nameOf(finding)).toBe("address");
  });
});

describe("the first look", () => {
  test("takes a dozen requests or so, under our name, and tells no address of a visitor", async () => {
    const sessions = createSessions("connect.sid");
    await probe((request) => ({ cookies: sessions.welcome(request) }), { paths: ["/", "/a", "/b", "/c", "/d", "/e"] });
    expect(site?.requests.length).toBeLessThan(16);
    expect(new Set(site?.requests.map(({ userAgent }) => userAgent))).toEqual(new Set(["sessionlab-bench"]));
    expect(site?.requests.some(({ headers }) => "x-forwarded-for" in headers)).toBe(false);
  });

  test("refuses a site that is elsewhere", async () => {
    await expect(probe(() => ({ status: 301, location: "https://shop.example/?token=secret" }))).rejects.toThrow(
      /a redirect to https:\/\/shop\.example; expected a page of this site/,
    );
  });

  test("makes up ids of the same form", () => {
    expect(anotherId("s%3Aabcd1234.EFGH")).toBe("s%3A4321dcba.HGFE");
    expect(anotherId("0123456789ABCDEF")).toBe("FEDCBA9876543210");
  });
});
