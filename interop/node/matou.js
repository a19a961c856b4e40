// What the stories share: the demo's entries, the admin API, and the dock's own list of examples.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const demo = JSON.parse(fs.readFileSync(process.env.MATOU_DEMO, 'utf8'));
const folder = path.join(__dirname, '../../crates/docks/wdt/examples');
const FAMILIES = ['base', 'goods', 'order', 'purchase', 'stock', 'aftersale'];

/** All steps, in order. */
function load() {
  return FAMILIES.flatMap((family) => JSON.parse(fs.readFileSync(path.join(folder, `${family}.json`), 'utf8')));
}

/** The methods of the platform's page, as the coverage test of the dock lists them. */
function methods() {
  const list = fs.readFileSync(path.join(__dirname, '../../crates/docks/wdt/tests/coverage/list.rs'), 'utf8').split('BEYOND')[0];
  return [...list.matchAll(/"(wdt\.[a-z.]+)"/g)].map((found) => found[1]);
}

/** A time as it is sent. */
function beijing(minutesAgo) {
  return new Date(Date.now() + 8 * 3600e3 - minutesAgo * 60e3).toISOString().slice(0, 19).replace('T', ' ');
}

/** One call of the admin API. */
async function admin(verb, where, body) {
  const response = await fetch(`${demo.base_url}/admin/v1${where}`, {
    method: verb,
    headers: { Authorization: `Bearer ${demo.admin.token}`, 'Content-Type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(`${verb} ${where}: ${JSON.stringify(answer)}`);
  return answer;
}

const steps = (where) => where.match(/\w+/g);
const at = (reply, where) => steps(where).reduce((part, step) => part[step], reply);
const pause = (millis) => new Promise((resolve) => { setTimeout(resolve, millis); });

/** Plays everything through `call(method, params)`, which gives the reply of a success and throws for a failure. */
async function play(call) {
  const known = {
    run: `N${Date.now().toString(36)}${Math.floor(Math.random() * 1296).toString(36)}`.toUpperCase(),
    shop_no: demo.wdt.shop_no,
    warehouse_no: demo.wdt.warehouse_no,
    other_warehouse_no: 'WH02',
  };
  const filled = (value) => JSON.parse(
    JSON.stringify(value).replace(/\{\{(\w+)\}\}/g, (_, name) => JSON.stringify(String(known[name])).slice(1, -1)),
  );
  const played = [];
  for (const step of load()) {
    Object.assign(known, { now: beijing(0), half_hour_ago: beijing(30), hour_ago: beijing(60), today: beijing(0).slice(0, 10) });
    let reply;
    for (let attempt = 0; ; attempt += 1) {
      if (step.admin) {
        const [verb, where] = filled(step.admin).split(' ');
        reply = await admin(verb, where, step.body === undefined ? undefined : filled(step.body));
      } else {
        const entries = Object.entries(filled(step.params));
        reply = await call(step.method, Object.fromEntries(
          entries.map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
        ));
      }
      try {
        Object.entries(step.save || {}).forEach(([name, where]) => {
          const part = at(reply, where);
          if (part === undefined) throw new TypeError(where);
          known[name] = part;
        });
        break;
      } catch (error) {
        // What was written this second may enter a window late.
        if (attempt === 30) throw new Error(`${step.method || step.admin}: no ${error.message} in ${JSON.stringify(reply)}`);
        await pause(100);
      }
    }
    if (step.method) played.push(step.method);
  }
  return played;
}

module.exports = { demo, methods, play };
