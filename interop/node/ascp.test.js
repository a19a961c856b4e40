// The TOP methods of a supplier of Tmall Global Direct against the simulated platform: every one called and answered, and refused once,
// by node-taobao-topclient 0.1.7 (form, and all in the URL of a GET) and the official topSdk 1.1.2 (multipart). Full JSON.
'use strict';

const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');

const TopClient = require('node-taobao-topclient').default;
const topSdk = require('topSdk');
const { demo } = require('./matou');

const story = JSON.parse(fs.readFileSync(path.join(__dirname, '../ascp/story.json'), 'utf8'));

/** One call of the sandbox, which plays the consumers and the platform's staff. */
async function sandbox(where, body) {
  const [verb, rest] = where.split(' ');
  const response = await fetch(demo.ascp.sandbox_url.replace(/\/ascp$/, '') + rest, {
    method: verb,
    headers: { Authorization: `Bearer ${demo.admin.token}`, 'Content-Type': 'application/json' },
    body: verb === 'GET' ? undefined : JSON.stringify(body || {}),
  });
  const answer = await response.json();
  assert.ok(response.ok, `${where}: ${JSON.stringify(answer)}`);
  return answer;
}

const at = (reply, where) => where.split('.').reduce((part, step) => part[step], reply);

/** Every value that has this name, however deep. */
function named(value, name, found = []) {
  if (value && typeof value === 'object') {
    for (const [key, inner] of Object.entries(value)) {
      if (key === name && typeof inner !== 'object') found.push(String(inner));
      named(inner, name, found);
    }
  }
  return found;
}

/** Plays the story through `call(secret, method, params)`, which gives the whole body, also of a refusal. */
async function play(name, call) {
  const run = `N${Date.now().toString(36)}${Math.floor(Math.random() * 1296).toString(36)}`.toUpperCase();
  const known = {
    run, supplier: `1${String(Date.now()).padStart(14, '0')}${Math.floor(Math.random() * 10)}`, app_key: demo.ascp.app_key, session: `S-${run}`,
  };
  const filled = (value) => JSON.parse(
    JSON.stringify(value).replace(/\{\{(\w+)\}\}/g, (_, key) => {
      assert.ok(key in known, `${key} is not known yet`);
      return known[key];
    }),
  );
  for (const step of story) {
    if (step.sandbox) {
      const reply = await sandbox(filled(step.sandbox), step.body && filled(step.body));
      for (const [key, where] of Object.entries(step.save || {})) known[key] = at(reply, where);
      continue;
    }
    const params = Object.entries(filled(step.params)).map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]);
    const body = await call(step.secret || demo.ascp.app_secret, step.call, { session: known.session, ...Object.fromEntries(params) });
    for (const [key, wanted] of Object.entries(step.answer)) {
      assert.ok(named(body, key).includes(wanted), `${name}, ${step.call}: no ${key} ${wanted} in ${JSON.stringify(body)}`);
    }
    for (const [key, where] of Object.entries(step.take || {})) [known[key]] = named(body, where);
  }
}

test('the story calls every method twice or more', () => {
  const source = fs.readFileSync(path.join(__dirname, '../../crates/docks/ascp/src/messages/call.rs'), 'utf8');
  for (const [, method] of source.matchAll(/"((?:alibaba|taobao)\.[a-z.]+)"/g)) {
    const calls = story.filter((step) => step.call === method);
    const refused = (step) => step.answer.success === 'false' || step.answer.result === 'FAILED' || /^\d+$/.test(step.answer.code || '');
    assert.ok(calls.some(refused) && calls.some((step) => !refused(step)), method);
  }
});

for (const verb of ['POST', 'GET']) {
  test(`ASCP, node-taobao-topclient, ${verb}`, () => play(verb, async (secret, method, params) => {
    const client = new TopClient({ appkey: demo.ascp.app_key, appsecret: secret, REST_URL: demo.ascp.top_url });
    try {
      return await client.request({ ...params, method }, verb);
    } catch (error) {
      return error.data || { code: error.code, sub_code: error.sub_code, message: error.message };
    }
  }));
}

test('ASCP, topSdk, multipart', () => play('topSdk', (secret, method, params) => {
  const client = new topSdk.ApiClient({ appkey: demo.ascp.app_key, appsecret: secret, url: demo.ascp.top_url });
  return new Promise((resolve) => {
    client.request({ ...params, method }, (error, body) => resolve(error ? { ...error, code: error.code, message: error.message } : body));
  });
}));
