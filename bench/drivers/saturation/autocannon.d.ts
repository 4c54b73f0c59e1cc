// The part of autocannon 9 that the saturation driver uses; the package has no types of its own.

declare module "autocannon" {
  import type { EventEmitter } from "node:events";

  interface RequestParts {
    readonly path?: string;
    readonly headers?: Readonly<Record<string, string>>;
  }

  interface DynamicRequest {
    /** Called before each request of the connection; what it returns is sent. */
    readonly setupRequest: (request: RequestParts) => RequestParts;
  }

  interface HeadersInfo {
    readonly statusCode: number;
    readonly statusMessage: string;
    /** Name, value, name, value … as they came. */
    readonly headers: readonly string[];
  }

  /** One connection. Events: request, headers (HeadersInfo), response, connError (Error), timeout. */
  interface Client extends EventEmitter {
    setRequests(requests: readonly (RequestParts | DynamicRequest)[]): void;
  }

  interface Options {
    readonly url: string;
    readonly connections: number;
    /** Seconds. */
    readonly duration: number;
    /** Seconds until a request counts as timed out. */
    readonly timeout: number;
    /** Milliseconds between looks at whether to stop. */
    readonly sampleInt: number;
    /** Called before the connection is opened. */
    readonly setupClient: (client: Client) => void;
  }

  interface Tracker extends PromiseLike<unknown> {
    stop(): void;
  }

  export default function autocannon(options: Options): Tracker;
}
