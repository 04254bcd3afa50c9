// Asks Lighthouse about each address that standard input lists, one a line, and prints one JSON object a line.
// Arguments: the categories to ask about, with commas; the path of a Chromium, and what to tell it.

import { createInterface } from "node:readline";
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

const [categories, chromePath, ...chromeFlags] = process.argv.slice(2);
const config = { extends: "lighthouse:default", settings: { onlyCategories: categories.split(",") } };
const chrome = await launch({ chromePath, chromeFlags });
try {
  for await (const address of createInterface({ input: process.stdin })) {
    let lhr;
    // A busy machine may lose the trace of a visit: then it is made again, three times at most.
    for (let visit = 0; visit < 3 && (!lhr || lhr.runtimeError); visit++)
      ({ lhr } = await lighthouse(address, { port: chrome.port, logLevel: "error" }, config));
    const scores = {};
    const missed = [];
    for (const [id, { score, auditRefs }] of Object.entries(lhr.categories)) {
      scores[id] = score === null ? null : Math.round(score * 100);
      for (const { id: audit, weight } of auditRefs)
        if (weight && lhr.audits[audit].score !== null && lhr.audits[audit].score < 1) missed.push(audit);
    }
    const { runtimeError, lighthouseVersion: version } = lhr;
    console.log(JSON.stringify({ address, version, scores, missed, error: runtimeError?.message ?? "" }));
  }
} finally {
  chrome.kill();
}
