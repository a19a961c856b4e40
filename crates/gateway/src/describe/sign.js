// openapi2: the time variables of the examples, then the signature over every parameter of the form.
const pad = (n) => String(n).padStart(2, '0');
const beijing = (millis) => {
    const d = new Date(millis + 8 * 3600 * 1000);
    return `${d.getUTCFullYear()}-${pad(d.getUTCMonth() + 1)}-${pad(d.getUTCDate())} `
        + `${pad(d.getUTCHours())}:${pad(d.getUTCMinutes())}:${pad(d.getUTCSeconds())}`;
};
pm.variables.set('now', beijing(Date.now()));
pm.variables.set('half_hour_ago', beijing(Date.now() - 1800 * 1000));
pm.variables.set('hour_ago', beijing(Date.now() - 3600 * 1000));
pm.variables.set('today', beijing(Date.now()).slice(0, 10));
if (!pm.collectionVariables.get('run')) {
    pm.collectionVariables.set('run', Date.now().toString(36).toUpperCase());
}
if (pm.request.url.toString().includes('/openapi2/')) {
    const form = pm.request.body.urlencoded;
    ['sid', 'appkey', 'timestamp', 'sign'].forEach((name) => form.remove(name));
    form.add({ key: 'sid', value: pm.variables.get('sid') });
    form.add({ key: 'appkey', value: pm.variables.get('appkey') });
    form.add({ key: 'timestamp', value: String(Math.floor(Date.now() / 1000)) });
    const pairs = form.all().filter((pair) => !pair.disabled).map((pair) => [pair.key, pm.variables.replaceIn(pair.value)]);
    pairs.sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
    const length = (text, digits) => String(Array.from(text).length).padStart(digits, '0');
    const text = pairs.map(([key, value]) => `${length(key, 2)}-${key}:${length(value, 4)}-${value}`).join(';');
    form.add({ key: 'sign', value: require('crypto-js').MD5(text + pm.variables.get('appsecret')).toString() });
}
