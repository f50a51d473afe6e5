#pragma once

namespace frostline {

/// The style sheet of the page that compares sessions: light and dark as the reader's system is, and on
/// paper. The series are those of the window: Okabe and Ito (2008), told apart by colour-blind eyes too.
inline constexpr const char* kReportStyle = R"css(
:root { color-scheme: light dark; --paper: #ffffff; --panel: #f6f8fa; --ink: #1b2330; --soft: #5a6573;
  --line: #d8dee6; --good: #00704f; --bad: #a83a00; --frozen: #2f7fc1; --trainable: #d55e00;
  --s0: #0072b2; --s1: #d55e00; --s2: #009e73; --s3: #b8608f; --s4: #3a9bd6; --s5: #c98a00; --s6: #7a6f00; }
@media (prefers-color-scheme: dark) { :root { --paper: #12161c; --panel: #1a2029; --ink: #e4e9f0; --soft: #9aa6b5;
  --line: #313a46; --good: #3ecf9f; --bad: #ff9a5c; --frozen: #62abe6; --trainable: #ff8a3d;
  --s0: #4aa8e0; --s1: #ff8a3d; --s2: #2fc79b; --s3: #e29ac4; --s4: #8accf5; --s5: #f0b93a; --s6: #b8ab2e; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 40px 24px 64px; max-width: 1060px; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif; }
h1 { margin: 0 0 6px; font-size: 27px; letter-spacing: -0.01em; }
h2 { margin: 44px 0 12px; font-size: 18px; }
h3 { margin: 0 0 4px; font-size: 14px; font-weight: 600; }
p { margin: 0 0 12px; max-width: 72ch; }
.lead { font-size: 16.5px; }
.note, figcaption, footer { color: var(--soft); font-size: 13px; }
figure { margin: 0 0 18px; padding: 14px 16px 10px; border: 1px solid var(--line); border-radius: 10px; }
figcaption { margin-top: 6px; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(400px, 1fr)); gap: 18px; }
svg { display: block; width: 100%; height: auto; font-family: inherit; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 13.5px; font-variant-numeric: tabular-nums; }
th { padding: 6px 10px; text-align: left; font-weight: 600; color: var(--soft); border-bottom: 1.5px solid var(--line);
  vertical-align: bottom; }
td { padding: 7px 10px; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
th.number, td.number { text-align: right; white-space: nowrap; width: 1%; }
td small { display: block; color: var(--soft); }
td small.good { color: var(--good); } td small.bad { color: var(--bad); }
td.best { font-weight: 700; } td.best::before { content: "\2605\a0"; color: var(--soft); font-weight: 400; }
td.setting { overflow-wrap: break-word; }
footer { margin-top: 40px; }
code, td.setting { font: 12.5px/1.5 ui-monospace, "DejaVu Sans Mono", monospace; }
.badge { display: inline-block; min-width: 22px; padding: 0 6px; border-radius: 11px; background: var(--c);
  color: var(--paper); font-weight: 700; font-size: 12.5px; line-height: 22px; text-align: center; }
.legend { display: flex; flex-wrap: wrap; gap: 6px 20px; margin: 0 0 8px; padding: 0; list-style: none; font-size: 13px; }
.legend svg { display: inline-block; width: 30px; height: 10px; margin-right: 6px; vertical-align: middle; }
.tree, .tree ul { list-style: none; margin: 0; padding-left: 0; }
.tree li { padding: 3px 0; }
.run { transition: opacity 0.12s; }
.grid { stroke: var(--line); stroke-width: 1; fill: none; } .axis { stroke: var(--soft); stroke-width: 1; fill: none; }
.tick, .name { fill: var(--soft); font-size: 11.5px; } .name { font-size: 12px; fill: var(--ink); }
.layer { font-family: ui-monospace, "DejaVu Sans Mono", monospace; fill: var(--ink); }
.raw, .thin, .dashed, .mean { fill: none; stroke: var(--c, var(--ink)); stroke-linejoin: round; stroke-linecap: round; }
.raw { stroke-width: 1; opacity: 0.14; } .thin { stroke-width: 1.2; opacity: 0.6; } .dashed { stroke-width: 2; stroke-dasharray: 7 4.5; } .mean { stroke-width: 2.6; }
.dot { fill: var(--c); stroke: var(--paper); stroke-width: 0.8; } .point { fill: var(--c); stroke: var(--paper); stroke-width: 1.5; }
.band { fill: var(--c); opacity: 0.2; } .frontier { fill: none; stroke: var(--soft); stroke-dasharray: 2 4; stroke-width: 1.4; }
.end, .lane { fill: var(--c); font-size: 12px; font-weight: 700; } .lane { font-size: 10px; }
.when { stroke: var(--c); stroke-width: 1; stroke-dasharray: 1.5 3; opacity: 0.75; fill: none; } .flag { fill: var(--c); }
.trainable { fill: var(--trainable); } .frozen { fill: var(--frozen); } .other { fill: var(--ink); }
.statistics { stroke: var(--frozen); stroke-width: 0.8; } .hatch { stroke: var(--frozen); stroke-width: 3; }
@media print { body { padding: 0; max-width: none; } figure, tr { break-inside: avoid; } h2 { break-after: avoid; } }
)css";

} // namespace frostline
