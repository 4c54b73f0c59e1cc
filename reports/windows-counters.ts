// The columns of a time series under the names that Windows Performance Monitor has for them, where it counts the same thing and
// nowhere else, so that a run can be laid over a log of the real server.
//
// Same: the store counts a session from its insertion to its removal by sweep, abandonment or deletion, which is our *stored*, not
// *live*; a removal for age is Timed Out, any other removal by the application Abandoned. Windows counts since the process started,
// our series since the row before: totals are added up here. Sessions Active is our mean over a row; Windows reads the moment.
// Not the same, and so not named: "ASP.NET\Requests Rejected" counts requests turned away with 503 by the request queue, *refused* are
// new sessions turned away at the cap (whether classic ASP's Requests Rejected counts those is unconfirmed); the session counters of
// ASP.NET Applications know sessions in process only; SQLServer mode has none. Counters are of one machine, so a farm has none.
// Source: .NET reference source, InProcStateClientManager.cs (OnCacheItemRemoved) and StateRuntime.cs; Performance Counters for
// ASP.NET (fxk122b4, cc778343); Active Server Pages performance object of IIS.

import type { RunResult } from "../metrics/run-result.ts";

/** What of a series a counter shows, and whether as it is or added up from the start of the run. */
interface CounterKind {
  readonly name: string;
  readonly column: string;
  readonly total: boolean;
}

const REQUESTS = { column: "requests", total: true };

const inProcess = sessionCounters("\\ASP.NET Applications(__Total__)\\Sessions", "Active", "Abandoned");
const stateServer = sessionCounters("\\ASP.NET\\State Server Sessions", "Active", "Abandoned");
const classicAsp = sessionCounters("\\Active Server Pages\\Sessions", "Current", null);
const aspNetRequests: CounterKind = { name: "\\ASP.NET Applications(__Total__)\\Requests Total", ...REQUESTS };
const aspRequests: CounterKind = { name: "\\Active Server Pages\\Requests Total", ...REQUESTS };

function sessionCounters(object: string, active: string, abandoned: string | null): readonly CounterKind[] {
  return [
    { name: `${object} ${active}`, column: "stored", total: false },
    { name: `${object} Total`, column: "started", total: true },
    { name: `${object} Timed Out`, column: "expired", total: true },
    ...(abandoned === null ? [] : [{ name: `${object} ${abandoned}`, column: "abandoned", total: true }]),
  ];
}

/** Values of each counter that means the same in this run, by its Windows name, one a row of the series. */
export function windowsCounters(result: RunResult): ReadonlyMap<string, readonly (number | null)[]> {
  const { columns } = result.series;
  return new Map(
    kindsOf(result).flatMap(({ name, column, total }) => {
      const values = columns[column];
      return values === undefined ? [] : [[name, total ? addedUp(values) : values] as const];
    }),
  );
}

function kindsOf(result: RunResult): readonly CounterKind[] {
  const { site } = result.scenario;
  if (site.servers !== 1) return [];
  const { recycles, lost } = result.counters;
  // A counter starts again with the process that keeps it.
  const surviving = (kinds: readonly CounterKind[], kept: boolean) => kinds.filter((kind) => kept || !kind.total);
  const workerKept = recycles === 0;
  if (site.technology === "asp") return surviving([...classicAsp, aspRequests], workerKept && lost === 0);
  const requests = surviving([aspNetRequests], workerKept);
  if (site.mode === "InProc") return [...surviving(inProcess, workerKept && lost === 0), ...requests];
  if (site.mode === "StateServer") return [...surviving(stateServer, lost === 0), ...requests];
  return requests;
}

/** A row that is not known leaves every later total unknown. Twelve digits: the means of replications add up to binary dust. */
function addedUp(values: readonly (number | null)[]): readonly (number | null)[] {
  let total: number | null = 0;
  return values.map((value) => {
    total = total === null || value === null ? null : total + value;
    return total === null ? null : Number(total.toPrecision(12));
  });
}
