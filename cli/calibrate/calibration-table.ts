// What a calibration says, for a reader at a terminal.

import { type Calibration, type Law, type StoreOperation, storeOperations } from "../../config/scenario.ts";
import { padEnd, type Style, textTable, wrap } from "../../reports/text-table.ts";
import { lawMean, lawQuantile } from "../../workload/distributions.ts";

const KIB = 1024;

/** @param columns width of the terminal. */
export function calibrationTable(calibration: Calibration, style: Style, columns: number): string {
  const { machine } = calibration;
  const paragraph = (head: string, text: string) => wrap(`${padEnd(head, 20)} ${text}`, columns, 21);
  return [
    style.bold(calibration.provider === undefined ? calibration.name : `${calibration.name} (${calibration.provider})`),
    ...(machine === undefined
      ? []
      : paragraph(
          "machine",
          `${machine.cpu}, ${machine.cores} cores, ${machine.platform}, Node ${machine.node.replace(/^v/, "")}` +
            `${machine.store === null ? "" : `, ${machine.store}`}, ${machine.measuredOn}`,
        )),
    ...paragraph("calls at one time", String(calibration.storeConcurrency)),
    "",
    style.bold("What a request takes, ms"),
    ...lawRows(calibration, columns),
    "",
    style.bold("What a store call takes, ms"),
    ...operationRows(calibration, columns),
    "",
    style.bold("Memory, bytes"),
    ...memoryRows(calibration, columns),
    "",
    ...wrap(calibration.evidence, columns, 0),
    "",
  ].join("\n");
}

function lawRows(calibration: Calibration, columns: number): readonly string[] {
  const laws: readonly (readonly [keyof Calibration, string, Law])[] = [
    ["requestCpuMs", "a web core, beside page and store calls", calibration.requestCpuMs],
    ["clientRoundTripMs", "between visitor and site, there and back", calibration.clientRoundTripMs],
    ["networkRoundTripMs", "between site and store, there and back", calibration.networkRoundTripMs],
  ];
  return textTable(
    ["p50", "mean", "p99", "95 % interval"],
    laws.map(([key, head, law]) => ({ head, cells: [...lawCells(law), interval(calibration, key)] })),
    columns,
  );
}

function operationRows(calibration: Calibration, columns: number): readonly string[] {
  return textTable(
    ["core", "core, a KiB", "store p50", "mean", "p99", "store, a KiB", "95 % interval"],
    storeOperations.map((operation: StoreOperation) => {
      const cost = calibration.operations[operation];
      return {
        head: operation,
        cells: [
          figure(cost.webCpuMs),
          figure(cost.webCpuMsPerKiB),
          ...lawCells(cost.storeMs),
          figure(cost.storeMsPerKiB),
          interval(calibration, `operations.${operation}.storeMs`),
        ],
      };
    }),
    columns,
  );
}

function memoryRows(calibration: Calibration, columns: number): readonly string[] {
  const { fixedBytes, bytesPerSession, bytesPerStateByte } = calibration.memory;
  const rows = [
    ["fixedBytes", "to begin with", fixedBytes],
    ["bytesPerSession", "a session, beside its state", bytesPerSession],
    ["bytesPerStateByte", "a byte of state", bytesPerStateByte],
  ] as const;
  return textTable(
    ["", "95 % interval"],
    [
      ...rows.map(([key, head, value]) => ({ head, cells: [figure(value), interval(calibration, `memory.${key}`)] })),
      { head: "a session with 4 KiB", cells: [figure(bytesPerSession + 4 * KIB * bytesPerStateByte), "-"] },
    ],
    columns,
  );
}

function lawCells(law: Law): readonly string[] {
  return [lawQuantile(law, 0.5), lawMean(law), lawQuantile(law, 0.99)].map(figure);
}

/** Of a law an interval may stand under the law itself or under one of its parameters. */
function interval({ intervals = {} }: Calibration, place: string): string {
  const found = Object.entries(intervals).find(([key]) => key === place || key.startsWith(`${place}.`));
  return found === undefined ? "-" : `${figure(found[1].low)} to ${figure(found[1].high)}`;
}

function figure(value: number): string {
  if (value >= 10_000) return Math.round(value).toLocaleString("en");
  return String(Number(value.toPrecision(4)));
}
