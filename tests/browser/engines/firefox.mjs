// Drives Debian's Firefox over WebDriver BiDi, which needs no driver, and prints what it met as JSON.
// Usage: node firefox.mjs FIREFOX SITE EXIT PROBES PROFILE ADDRESS... The tests judge: test_firefox.py.
// What is on the console is read at each ADDRESS.
import { readFileSync } from "node:fs";
import puppeteer from "puppeteer-core";

const [firefox, site, elsewhere, probes, profile, ...addresses] = process.argv.slice(2);
const probe = readFileSync(probes, "utf8");

// WebDriver's sign for the right Shift, for which the library has no name.
const RIGHT = "\uE050";

const browser = await puppeteer.launch({
  browser: "firefox",
  executablePath: firefox,
  headless: true,
  args: ["--remote-allow-system-access"], // to read the console
  acceptInsecureCerts: true,
  userDataDir: profile,
  defaultViewport: { width: 320, height: 640 },
  extraPrefsFirefox: {
    // Every name but our own is unknown, as it is to the other browser.
    "network.dns.offline-localhost": false,
    "network.proxy.type": 0,
    // Tab reaches links everywhere, as it does by default outside of a Mac.
    "accessibility.tabfocus": 7,
  },
});

const open = async (address) => {
  const page = await browser.newPage();
  await page.goto(site + address);
  await page.evaluate(probe);
  return page;
};

/** Presses Tab until focus leaves the page; every stop on the way. */
const stops = async (page) => {
  const found = [];
  for (let i = 0; i < 400; i += 1) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(() => {
      const stop = window.probe.focused();
      if (!stop) return null;
      const style = getComputedStyle(document.activeElement);
      return { ...stop, ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 };
    });
    if (!stop) break;
    found.push(stop);
  }
  return found;
};

const tabTo = async (page, name) => {
  for (let i = 0; i < 60; i += 1) {
    await page.keyboard.press("Tab");
    if (await page.evaluate((name) => window.probe.focused()?.name.includes(name), name)) return;
  }
  throw new Error(`no Tab leads to ${name}`);
};

const seen = (page) => page.evaluate(() => ({
  address: location.pathname, title: document.title, heading: document.querySelector("h1")?.innerText ?? "",
  chosen: document.querySelectorAll("input:checked").length,
}));

const until = async (page, address) => {
  for (let i = 0; i < 100; i += 1) {
    if (page.url().startsWith(address)) return page.evaluate(probe);
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`${page.url()} is not ${address}`);
};

const answer = async (page, downs, next) => {
  await tabTo(page, "<input>");
  if (downs === 0) await page.keyboard.press(" ");
  for (let i = 0; i < downs; i += 1) await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await until(page, site + next);
};

/** A visit by keys alone to a result, then an exit, then Back twice: what is seen after each. */
const leave = async (how) => {
  const page = await open("/check/n/c/m/b");
  await answer(page, 0, "/check/n/c/m/b/");
  const before = await seen(page);
  await how(page);
  await until(page, elsewhere);
  const left = await seen(page);
  await page.goBack();
  await until(page, site);
  // A page that was kept in memory is blank, and lets the start come in its place.
  await page.waitForSelector("h1");
  const back = await seen(page);
  await page.goBack();
  await until(page, `${site}/check/`);
  const again = await seen(page);
  await page.close();
  return { before, left, back, again };
};

const shift = (keys) => async (page) => {
  for (const key of keys) await page.keyboard.press(key);
};

/** The address after keys that must not lead away. */
const stay = async (press) => {
  const page = await open("/check/n/c/m/b/e");
  await press(page);
  await new Promise((done) => setTimeout(done, 300));
  const { address } = await seen(page);
  await page.close();
  return address;
};

/** Runs a script with the rights of the browser itself. */
const inBrowser = async (expression) => {
  const send = async (method, params) => (await browser.connection.send(method, params)).result;
  const { contexts: [{ context }] } = await send("browsingContext.getTree", { "moz:scope": "chrome" });
  const answer = await send("script.evaluate", { expression, target: { context }, awaitPromise: false });
  if (answer.type !== "success") throw new Error(JSON.stringify(answer));
  return answer.result.value;
};

/** Every message that a visitor could see on the console, CSS included, with the address at which it was read. */
const messages = async () => {
  // The pages of this part are not to be in the history that the tests look at.
  await inBrowser(`Services.prefs.setBoolPref("places.history.enabled", false);
    Services.mm.loadFrameScript("data:,docShell.cssErrorReportingEnabled = true", true);
    Services.console.reset();`);
  const page = await browser.newPage();
  const all = [];
  for (const address of addresses) {
    await page.goto(address);
    await page.evaluate(() => new Promise((done) => { requestAnimationFrame(() => setTimeout(done, 20)); }));
    const said = JSON.parse(await inBrowser(`{
      const said = Services.console.getMessageArray().map((message) => message.message);
      Services.console.reset();
      JSON.stringify(said);
    }`));
    all.push([address, said]);
  }
  await page.close();
  return all;
};

const found = { version: await browser.version(), stops: {}, exits: {}, stays: {} };

for (const address of ["/", "/check/n", "/check/n/o/h/n", "/help/stop-it-now"]) {
  const page = await open(address);
  found.stops[address] = { met: await stops(page), expected: await page.evaluate(() => window.probe.tabbable()) };
  found.stops[address].sideways = await page.evaluate(() => window.probe.sideways());
  await page.close();
}

{
  const page = await open("/check/n?go=1");
  found.error = await page.evaluate(() => document.activeElement.id);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  found.first = await page.evaluate(() => document.activeElement.type);
  await page.close();
}

found.exits.click = await leave((page) => page.click("#exit"));
found.exits.keyboard = await leave(async (page) => {
  await page.goto(page.url());
  await page.evaluate(probe);
  await tabTo(page, "Exit this page");
  await page.keyboard.press("Enter");
});
found.exits["left Shift"] = await leave(shift(["ShiftLeft", "ShiftLeft", "ShiftLeft"]));
found.exits["right Shift"] = await leave(shift([RIGHT, RIGHT, RIGHT]));
found.exits["both Shifts"] = await leave(shift(["ShiftLeft", RIGHT, "ShiftLeft"]));

found.stays["Shift and Tab"] = await stay(async (page) => {
  for (let i = 0; i < 4; i += 1) {
    await page.keyboard.down("ShiftLeft");
    await page.keyboard.press("Tab");
    await page.keyboard.up("ShiftLeft");
  }
});
found.stays["Shift and a letter"] = await stay(async (page) => {
  for (let i = 0; i < 3; i += 1) {
    await page.keyboard.down("ShiftLeft");
    await page.keyboard.press("a");
    await page.keyboard.up("ShiftLeft");
  }
});
found.stays["twice"] = await stay(shift(["ShiftLeft", "ShiftLeft"]));

found.messages = await messages();

await browser.close();
console.log(JSON.stringify(found));
