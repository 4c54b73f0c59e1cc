// A plan as one page that can be printed and passed on.

import type { Plan } from "../../metrics/plan/plan.ts";
import { html } from "../html/markup.ts";
import { pageShell } from "../html/page-shell.ts";
import { answerOf } from "./plan-words.ts";

export async function planPage(plan: Plan): Promise<string> {
  const { head, sentences, standing } = answerOf(plan);
  return pageShell({
    title: head,
    kind: "sessionlab plan",
    verdict: standing,
    opening: html`${sentences.map((one) => html`<p>${one}</p>`)}`,
    sections: [],
    madeBy: `sessionlab ${plan.environment.sessionlab}`,
  }).markup;
}
