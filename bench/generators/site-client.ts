// How generators speak to the host of the bench, wherever they run. Plain data, to cross into another process.

import { machineClock } from "../clock.ts";
import { limitConnections } from "../drivers/http/connection-limit.ts";
import { createHttpClient, type HttpClient } from "../drivers/http/http-client.ts";
import { LOCK_WAIT_HEADER } from "../host/reply.ts";

export interface SiteClientSettings {
  /** A host that stays silent this long has failed. */
  readonly silenceMaxMs: number;
  /** Of a host that is reached over TLS; null: plain HTTP. */
  readonly certificatePem: string | null;
  /** null: as many as it takes. */
  readonly connectionsMax: number | null;
}

/** Opens nothing before the first request. */
export function openSiteClient({ silenceMaxMs, certificatePem, connectionsMax }: SiteClientSettings): HttpClient {
  const tls = certificatePem === null ? null : { ca: certificatePem };
  const client = createHttpClient({ silenceMaxMs, lockWaitHeader: LOCK_WAIT_HEADER, tls });
  return connectionsMax === null ? client : limitConnections(client, connectionsMax, machineClock);
}
