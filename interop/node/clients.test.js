// The official Node client topSdk 1.1.2 (multipart) and node-taobao-topclient 0.1.7 (form, and all in the URL of a GET) call every method.
'use strict';

const assert = require('node:assert');
const test = require('node:test');

const TopClient = require('node-taobao-topclient').default;
const topSdk = require('topSdk');
const { demo, methods, play } = require('./matou');

const keys = { appkey: demo.qimen.app_key, appsecret: demo.qimen.app_secret };
const common = () => ({ target_app_key: demo.qimen.target_app_key, sid: demo.wdt.sid });

/** What is inside the envelope of a success; both clients hand out the whole body. */
function opened(method, body) {
  const response = (typeof body === 'string' ? JSON.parse(body) : body).response;
  assert.strictEqual(response.errorcode, 0, `${method}: ${JSON.stringify(response)}`);
  return response;
}

test('topSdk, multipart', async () => {
  const client = new topSdk.ApiClient({ ...keys, url: `${demo.base_url}/router/qm` });
  const call = (method, params) => new Promise((resolve, reject) => {
    client.request({ ...common(), ...params, method }, (error, body) => (error ? reject(error) : resolve(body)));
  }).then((body) => opened(method, body));
  const played = new Set(await play(call));
  assert.deepStrictEqual(methods().filter((name) => !played.has(name)), []);
});

for (const verb of ['POST', 'GET']) {
  test(`node-taobao-topclient, ${verb}`, async () => {
    const client = new TopClient({ ...keys, REST_URL: `${demo.base_url}/router/rest` });
    const played = new Set(await play(async (method, params) => opened(method, await client.request({ ...common(), ...params, method }, verb))));
    assert.deepStrictEqual(methods().filter((name) => !played.has(name)), []);
  });
}
