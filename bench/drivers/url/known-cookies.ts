// Names that cookies of web frameworks go by. A name alone proves nothing, but it decides between cookies that behave alike.
// Sources: the defaults of ASP.NET (.NET reference source, SessionStateSection.cs), ASP.NET Core (SessionDefaults.cs,
// AntiforgeryOptions.cs), classic ASP, express-session, Jakarta Servlet 7.1.1, PHP (session.name), Laravel, Rails, Django, Azure App
// Service (ARRAffinity), AWS load balancers, HAProxy's and Cloudflare's manuals.

/** Technology by the name of its session cookie. */
const SESSION_NAMES: readonly (readonly [RegExp, string])[] = [
  [/^ASP\.NET_SessionId$/i, "ASP.NET"],
  [/^\.AspNetCore\.Session$/i, "ASP.NET Core"],
  [/^ASPSESSIONID[A-Z]{8}$/, "classic ASP"],
  [/^connect\.sid$/, "express-session"],
  [/^JSESSIONID$/i, "a Java servlet container"],
  [/^PHPSESSID$/, "PHP"],
  [/^laravel_session$/, "Laravel"],
  [/^_[a-z0-9_]*session(_id)?$/, "Rails"],
  [/^sessionid$/, "Django"],
  [/^CFID$|^CFTOKEN$/, "ColdFusion"],
  [/^CGISESSID$/, "Perl's CGI::Session"],
];

const SESSION_LIKE = /sess|\bsid\b|[._-]sid$|^s?sid$/i;

/** What a cookie of such a name is for, when it is not the session. */
const OTHER_PURPOSES: readonly (readonly [RegExp, string])[] = [
  [/csrf|xsrf|antiforgery|__RequestVerificationToken|authenticity/i, "a guard against forged requests"],
  [/affinity|^AWSALB|^AWSELB|^BIGipServer|^SERVERID$|^ROUTEID$|^GCLB$|sticky|route/i, "a load balancer's"],
  [/^__cf|^cf_|^incap_|^visid_|^ak_bmsc|^bm_/i, "a content network's"],
  [/^_ga|^_gid|^_gat|^_fbp|^_pk_|^_hj|^__utm|^ai_(user|session)|^optimizely|^ajs_/i, "a counter of visits"],
  [/consent|lang|locale|culture|theme|timezone|^tz$/i, "a preference"],
  [/^AspxAutoDetectCookieSupport$/i, "a test for cookies"],
  [/\.?aspxauth|identity\.application|remember/i, "a login"],
];

export interface NameEvidence {
  /** The technology whose default this is; null for none. */
  readonly technology: string | null;
  readonly soundsLikeSession: boolean;
  /** Something else, by its name; null where nothing speaks for that. */
  readonly otherPurpose: string | null;
}

export function judgeName(name: string): NameEvidence {
  const found = (known: readonly (readonly [RegExp, string])[]) => known.find(([pattern]) => pattern.test(name))?.[1];
  return {
    technology: found(SESSION_NAMES) ?? null,
    soundsLikeSession: SESSION_LIKE.test(name),
    otherPurpose: found(OTHER_PURPOSES) ?? null,
  };
}
