// What a bench and the process of its proxy say to each other over Node's IPC channel. Plain JSON both ways.

export interface ProxyTarget {
  readonly host: string;
  readonly port: number;
}

/**
 * How what is sent fares on its way: pass: at once; slow: each way `delayMs` later, in order; cut: connections are reset and new ones
 * refused; silent: nothing arrives, nothing is told, and all that was sent arrives, in order, in the next other mode. Whoever connects
 * is answered by the proxy at once, slow and silent or not: the wait is that for the first bytes.
 */
export type ProxyMode =
  | { readonly kind: "pass" }
  | { readonly kind: "slow"; readonly delayMs: number }
  | { readonly kind: "cut" }
  | { readonly kind: "silent" };

export type ProxyCommand =
  | { readonly kind: "start"; readonly targets: readonly ProxyTarget[] }
  | { readonly kind: "set"; readonly mode: ProxyMode };

export type ProxyReport =
  /** One port of 127.0.0.1 for each target, in order. */
  | { readonly kind: "ready"; readonly ports: readonly number[] }
  | { readonly kind: "set" }
  | { readonly kind: "failed"; readonly message: string };
