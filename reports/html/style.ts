// How the report looks: on a screen, light and dark, wide and narrow, and on paper. Colours of the lines are Okabe and Ito's, darkened
// on white and lightened on black until text in them can be read.

/** Heat maps go from the ground of the page to its text, through one hue, so that more is seen as more in light and in dark. */
export const lightColors: Readonly<Record<string, string>> = {
  page: "#fff",
  text: "#1b1f24",
  soft: "#57606a",
  rule: "#d8dee4",
  panel: "#f6f8fa",
  good: "#116329",
  "good-panel": "#dafbe1",
  doubtful: "#7d4e00",
  "doubtful-panel": "#fff3c4",
  bad: "#b3261e",
  "bad-panel": "#ffe5e2",
  "line-0": "#0063a8",
  "line-1": "#bf4b00",
  "line-2": "#00735a",
  "line-3": "#a03f7c",
  "line-4": "#7a5c00",
  "line-5": "#1b76a9",
  "line-6": "#55585c",
  "line-7": "#6b3fa0",
  "heat-0": "#dbe9f6",
  "heat-1": "#b5d3ec",
  "heat-2": "#82b5dc",
  "heat-3": "#4a90c6",
  "heat-4": "#1c67a5",
  "heat-5": "#08407a",
};

const darkColors: Readonly<Record<string, string>> = {
  page: "#0e1116",
  text: "#e6e9ed",
  soft: "#9da7b1",
  rule: "#30363d",
  panel: "#171b22",
  good: "#6fdd8b",
  "good-panel": "#12301c",
  doubtful: "#f0c75e",
  "doubtful-panel": "#3a2d08",
  bad: "#ff8e85",
  "bad-panel": "#45160f",
  "line-0": "#62b3f2",
  "line-1": "#ff9c5b",
  "line-2": "#3fd0a4",
  "line-3": "#f09fd0",
  "line-4": "#e8cf5a",
  "line-5": "#9bd5ff",
  "line-6": "#b9bec4",
  "line-7": "#c9a2f5",
  "heat-0": "#16283b",
  "heat-1": "#1c3d5c",
  "heat-2": "#235a88",
  "heat-3": "#3480bb",
  "heat-4": "#67aee6",
  "heat-5": "#b4dcff",
};

const declared = (colors: Readonly<Record<string, string>>) =>
  Object.entries(colors)
    .map(([name, color]) => `--${name}:${color};`)
    .join("");
const light = declared(lightColors);
const dark = declared(darkColors);

export const css = `
:root{color-scheme:light dark;${light}}
@media (prefers-color-scheme:dark){:root{${dark}}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;overflow-wrap:break-word}
main,header,footer,nav{max-width:1040px;margin:0 auto;padding:0 20px}
header{padding-top:32px}
h1{font-size:1.9rem;line-height:1.2;margin:0 0 4px;letter-spacing:-.01em}
h2{font-size:1.3rem;margin:44px 0 8px;padding-top:14px;border-top:1px solid var(--rule);letter-spacing:-.005em}
h3{font-size:1.02rem;margin:24px 0 6px}
p{margin:0 0 10px;max-width:75ch}
.soft,figcaption,caption,footer{color:var(--soft)}
.lead{font-size:1.05rem;color:var(--soft)}
.eyebrow{font-size:.8rem;color:var(--soft);margin:0 0 6px;text-transform:uppercase;letter-spacing:.06em}
nav{font-size:.9rem;padding-top:12px}
nav a{color:inherit;margin-right:16px;white-space:nowrap;text-underline-offset:3px}
.verdicts{list-style:none;margin:16px 0 0;padding:0;display:grid;gap:10px}
.verdicts>li{border:1px solid var(--rule);border-left:5px solid var(--soft);border-radius:6px;padding:10px 14px}
.verdicts>li.valid{border-left-color:var(--good)}.verdicts>li.doubtful{border-left-color:var(--doubtful)}.verdicts>li.invalid{border-left-color:var(--bad)}
.verdicts p{margin:0}
.verdicts ul{margin:6px 0 0;padding-left:20px}
.badge{display:inline-block;font-weight:650;font-size:.86rem;padding:1px 9px;border-radius:999px;border:1px solid currentColor;margin-right:8px;white-space:nowrap}
.good{color:var(--good)}.doubtful-text{color:var(--doubtful)}.bad{color:var(--bad)}
.badge.good{background:var(--good-panel)}.badge.doubtful-text{background:var(--doubtful-panel)}.badge.bad{background:var(--bad-panel)}
.loud{border:1px solid var(--doubtful);background:var(--doubtful-panel);border-radius:6px;padding:10px 14px;margin:10px 0}
.loud p{margin:0}
.loud ul{margin:6px 0 0;padding-left:20px}
.alarm{border:2px solid var(--bad);background:var(--bad-panel)}
.alarm strong{color:var(--bad)}
.cards,.pair-grid{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:18px 24px;margin-top:12px}
.cards{grid-template-columns:repeat(3,minmax(0,1fr));gap:14px}
.cards figure{border:1px solid var(--rule);border-radius:6px;padding:10px 12px 4px}
figure{margin:0;min-width:0;break-inside:avoid}
figcaption{font-weight:600;font-size:.92rem;color:var(--text);margin-bottom:4px}
svg.chart{display:block;width:100%;height:auto;overflow:visible;font:12px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
svg.chart text{white-space:pre;font-variant-numeric:tabular-nums}
.narrow{display:none}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:2px 18px;margin:6px 0;padding:0;font-size:.86rem}
.legend .sample{width:34px;height:10px;margin-right:6px;vertical-align:middle}
.legend .swatch{width:18px;height:12px;margin-right:6px;vertical-align:-1px}
.under{font-size:.88rem;color:var(--soft);margin:6px 0 2px}
.take{font-size:.82rem;color:var(--soft);margin:4px 0 10px}
.take a{color:inherit;text-underline-offset:2px}
.best{font-weight:650;color:var(--good);font-size:.82rem;white-space:nowrap}
.scroll{overflow-x:auto;max-width:100%;margin:8px 0 4px;border:1px solid var(--rule);border-radius:6px}
.scroll:focus-visible{outline:2px solid var(--line-0)}
table{border-collapse:collapse;width:100%;font-size:.9rem;font-variant-numeric:tabular-nums}
caption{text-align:left;padding:8px 12px;caption-side:top;font-size:.86rem}
caption span{display:inline-block;position:sticky;left:12px;max-width:min(980px,calc(100vw - 56px))}
.cards+p{margin-top:10px}
th,td{padding:6px 12px;text-align:right;vertical-align:top;border-top:1px solid var(--rule);white-space:nowrap}
thead th{background:var(--panel);border-top:0;vertical-align:bottom}
thead th:first-child,tbody th,.text{text-align:left}
tbody th{font-weight:500;background:var(--page);white-space:normal;min-width:11em;position:sticky;left:0}
thead th:first-child{position:sticky;left:0}
td.text{white-space:normal;min-width:12em}
td small,th small{display:block;color:var(--soft);font-weight:400}
.met{white-space:nowrap;font-weight:600}
code,pre{font:.86rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
pre{background:var(--panel);border:1px solid var(--rule);border-radius:6px;padding:10px 14px;margin:6px 0;white-space:pre-wrap;overflow-wrap:anywhere}
code{overflow-wrap:anywhere}
td .range{display:inline-block;min-width:25.6em;font-size:.78rem}
.verdicts .badge{margin-bottom:2px}
details{margin:10px 0}
summary{cursor:pointer;font-weight:550}
footer{margin-top:44px;padding-top:14px;padding-bottom:32px;border-top:1px solid var(--rule);font-size:.86rem}
@media screen and (min-width:981px){thead th{white-space:normal}.many{font-size:.8rem}.many th,.many td{white-space:normal;padding:5px 7px}.many tbody th{min-width:9em}.many td.text{min-width:9em}}
@media screen and (min-width:721px) and (max-width:980px){.cards{grid-template-columns:repeat(2,minmax(0,1fr))}}
@media screen and (max-width:720px){
main,header,footer,nav{padding-left:14px;padding-right:14px}
h1{font-size:1.5rem}
.wide{display:none}.narrow{display:block}
.cards,.pair-grid{grid-template-columns:minmax(0,1fr)}
th,td{padding:6px 9px}
tbody th{min-width:8.5em;max-width:44vw}
}
@media print{
:root{color-scheme:light;${light}}
body{font-size:10.5pt}
main,header,footer{max-width:none;padding-left:0;padding-right:0}
nav,.take{display:none}
h2{break-after:avoid;margin-top:24px}
h3,figcaption,caption{break-after:avoid}
.verdicts>li,.cards figure,tr,.loud{break-inside:avoid}
.scroll{overflow:visible;border:0}
table{font-size:8.5pt}
th,td{white-space:normal;padding:3px 6px}
tbody th{position:static;min-width:0}
td.text{min-width:0}
.many{font-size:7.6pt}
.many th,.many td{padding:3px 4px}
th small{overflow-wrap:anywhere}
td .range{font-size:6.6pt}
details::details-content{content-visibility:visible;display:block;height:auto}
summary{list-style:none}
@page{margin:14mm}
}
`.trim();
