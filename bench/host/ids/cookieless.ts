// What a client without cookies carries in the address: one segment before the page, "/(X(1)S(id))/page.aspx", of tags (upper-case
// letters) with a value each. S is the session, X says that the client has been found to take no cookies.
// Source: .NET reference source, CookielessHelper.cs.

export interface CookielessAddress {
  /** By tag, in the order in which they stand. */
  readonly values: ReadonlyMap<string, string>;
  /** The path without the segment: what the page is called. */
  readonly pagePath: string;
}

const SEGMENT = /^\/\(((?:[A-Z]\([^()/]*\))+)\)(?=\/|$)/;
const TAGGED = /([A-Z])\(([^()/]*)\)/g;

/** @param path without its query. */
export function readCookielessAddress(path: string): CookielessAddress {
  const found = SEGMENT.exec(path);
  if (found === null) return { values: new Map(), pagePath: path };
  const values = new Map([...found[1].matchAll(TAGGED)].map(([, tag, value]) => [tag, value]));
  return { values, pagePath: path.slice(found[0].length) || "/" };
}

export function writeCookielessAddress({ values, pagePath }: CookielessAddress): string {
  if (values.size === 0) return pagePath;
  const tags = [...values].map(([tag, value]) => `${tag}(${value})`);
  return `/(${tags.join("")})${pagePath}`;
}
