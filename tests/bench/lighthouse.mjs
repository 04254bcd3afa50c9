// Asks Lighthouse about each address that standard input lists, one a line, and prints one JSON object a line.
// Arguments: the categories to ask about, with commas; the path of a Chromium, and what to tell it.

import { createInterface } from "node:readline";
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

const [categories, chromePath, ...chromeFlags] = process.argv.slice(2);
const config = { extends: "lighthouse:default", settings: { onlyCategories: categories.split(",") } };
const chrome = await launch({ chromePath, chromeFlags });

async function visit(address) {
  let lhr;
  // A busy machine may lose the trace of a visit: then it is made again, three times at most.
  for (let time = 0; time < 3 && (!lhr || lhr.runtimeError); time++)
    ({ lhr } = await lighthouse(address, { port: chrome.port, logLevel: "error" }, config));
  return lhr;
}

const performance = (lhr) => lhr.categories.performance.score;

try {
  for await (const address of createInterface({ input: process.stdin })) {
    const visits = [await visit(address)];
    // One moment in which the machine is busy costs a point. So the median of three counts, if the first misses any.
    if (performance(visits[0]) < 1) visits.push(await visit(address), await visit(address));
    const lhr = visits.toSorted((one, other) => performance(one) - performance(other))[visits.length >> 1];
    const scores = {};
    const missed = [];
    for (const [id, { score, auditRefs }] of Object.entries(lhr.categories)) {
      scores[id] = score === null ? null : Math.round(score * 100);
      for (const { id: audit, weight } of auditRefs)
        if (weight && lhr.audits[audit].score !== null && lhr.audits[audit].score < 1)
          missed.push([audit, lhr.audits[audit].displayValue].filter(Boolean).join(": "));
    }
    const { runtimeError, lighthouseVersion: version } = lhr;
    const performances = visits.map((each) => Math.round(performance(each) * 100));
    console.log(JSON.stringify({ address, version, scores, performances, missed, error: runtimeError?.message ?? "" }));
  }
} finally {
  chrome.kill();
}
