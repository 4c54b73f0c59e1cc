// The loads of a validation as the user names them, as shares of what the site can serve: "20%,40%,0.6".

import { InputError, type Problem } from "../../config/problem.ts";

const LEAST = 0.01;
const MOST = 0.95;

/** A parser for commander. @returns shares in rising order. @throws InputError with every one that is none, or comes twice. */
export function loadList(text: string): readonly number[] {
  const problems: Problem[] = [];
  const refuse = (given: string, expected: string, mend: string) => {
    problems.push({ at: "--loads", given: `"${given}"`, expected, mend });
  };
  const shares = text.split(",").flatMap((part) => {
    const word = part.trim();
    const [, number = "", percent = ""] = /^(\d+\.?\d*|\.\d+)\s*(%?)$/.exec(word) ?? [];
    const share = Number((Number(number) / (percent === "" ? 1 : 100)).toPrecision(12));
    if (number === "") {
      refuse(word, "shares of the saturation", "write 20%,40%,60%,80%");
      return [];
    }
    if (share >= LEAST && share <= MOST) return [share];
    const mend = percent === "" && share > 1 ? `write ${number}%` : "change it";
    refuse(word, "from 1% to 95% of the saturation: beyond that a queue grows for as long as one looks", mend);
    return [];
  });
  for (const [place, share] of shares.entries()) {
    if (shares.indexOf(share) < place) refuse(`${share * 100}%`, "each load once", "leave it out");
  }
  if (problems.length > 0) throw new InputError("Cannot validate", problems);
  return shares.toSorted((a, b) => a - b);
}
