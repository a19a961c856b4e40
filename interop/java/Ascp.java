// A supplier of Tmall Global Direct in Java, against the simulated platform: every TOP method called and answered, and refused once, by
// the official client, answered in XML and in full JSON; then the platform pushes to targets that verify with the official helper
// (Target.java). Arguments: base URL, admin token, app_key, secret, path of the story, port of a target with the right secret, and of one
// with another.

import com.taobao.api.ApiException;
import com.taobao.api.BaseTaobaoRequest;
import com.taobao.api.DefaultTaobaoClient;
import com.taobao.api.TaobaoResponse;
import com.taobao.api.internal.util.json.JSONReader;
import com.taobao.api.internal.util.json.JSONWriter;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

public class Ascp {
    static final HttpClient HTTP = HttpClient.newHttpClient();
    static String base, token, key, secret;
    static int failed = 0;

    static void check(String what, boolean good, String more) {
        if (!good) {
            System.out.println("FAILED  " + what + ": " + more);
            failed++;
        }
    }

    /** A method by its name; the generated classes add nothing but names. */
    public static class Call extends BaseTaobaoRequest<Answer> {
        private final String method;
        private final Map<String, String> given;

        Call(String method, Map<String, String> given) {
            this.method = method;
            this.given = given;
        }

        public String getApiMethodName() {
            return method;
        }

        public Map<String, String> getTextParams() {
            return new HashMap<>(given);
        }

        public Class<Answer> getResponseClass() {
            return Answer.class;
        }

        public void check() {}
    }

    public static class Answer extends TaobaoResponse {}

    static Object json(String text) {
        return new JSONReader() {}.read(text);
    }

    /** One call of the sandbox, which plays the consumers and the platform's staff. */
    static Object sandbox(String where, Object body) throws IOException, InterruptedException {
        String[] parts = where.split(" ");
        String text = body == null ? "{}" : new JSONWriter(false).write(body);
        HttpRequest request = HttpRequest.newBuilder(URI.create(base + "/sandbox/v1" + parts[1]))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .method(parts[0], parts[0].equals("GET") ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(text))
            .build();
        HttpResponse<String> response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) throw new IOException(where + " " + text + ": " + response.body());
        return json(response.body());
    }

    static String at(Object value, String where) {
        for (String step : where.split("\\.")) {
            value = value instanceof List ? ((List<?>) value).get(Integer.parseInt(step)) : ((Map<?, ?>) value).get(step);
        }
        return String.valueOf(value);
    }

    static String filled(String text, Map<String, String> known) {
        Matcher found = Pattern.compile("\\{\\{(\\w+)}}").matcher(text);
        return found.replaceAll(name -> {
            String value = known.get(name.group(1));
            if (value == null) throw new IllegalStateException(name.group(1) + " is not known yet");
            return Matcher.quoteReplacement(value);
        });
    }

    /** The value of a member of an answer in JSON or XML, given what it should be; the first one when that is null. */
    static String named(String body, String name, String wanted) {
        String value = wanted == null ? "[^\"<,}]+" : Pattern.quote(wanted);
        Matcher found = Pattern.compile("\"" + name + "\":\"?(" + value + ")[\",}\\]]|<" + name + ">(" + value + ")</" + name + ">").matcher(body);
        return !found.find() ? null : found.group(1) != null ? found.group(1) : found.group(2);
    }

    @SuppressWarnings("unchecked")
    static void play(String format, String digest, List<Map<String, Object>> story) throws Exception {
        String run = "J" + Long.toString(System.nanoTime(), 36).toUpperCase();
        Map<String, String> known = new HashMap<>(Map.of("run", run, "app_key", key, "session", "S-" + run));
        known.put("supplier", "1" + String.format("%015d", Math.abs(System.nanoTime()) % 1_000_000_000_000_000L));
        int calls = 0;
        for (Map<String, Object> step : story) {
            if (step.containsKey("sandbox")) {
                Object body = step.containsKey("body") ? json(filled(new JSONWriter(false).write(step.get("body")), known)) : null;
                Object reply = sandbox(filled((String) step.get("sandbox"), known), body);
                ((Map<String, String>) step.getOrDefault("save", Map.of())).forEach((name, where) -> known.put(name, at(reply, where)));
                continue;
            }
            Map<String, String> given = new HashMap<>();
            ((Map<String, Object>) step.get("params")).forEach((name, value) ->
                given.put(name, filled(value instanceof String ? (String) value : new JSONWriter(false).write(value), known)));
            String with = (String) step.getOrDefault("secret", secret);
            DefaultTaobaoClient client = new DefaultTaobaoClient(base + "/router/rest", key, with, format, 15000, 30000, digest);
            Answer answer = client.execute(new Call((String) step.get("call"), given), known.get("session"));
            String body = answer.getBody();
            ((Map<String, String>) step.get("answer")).forEach((name, wanted) ->
                check(format + ", " + step.get("call"), named(body, name, wanted) != null, "no " + name + " " + wanted + " in " + body));
            ((Map<String, String>) step.getOrDefault("take", Map.of())).forEach((name, member) -> known.put(name, named(body, member, null)));
            calls++;
        }
        System.out.println("ok      ASCP, " + calls + " calls answered in " + format + ", " + digest);
    }

    /** Orders, cancels and returns of a supplier whose pushes go to this port. What became of its pushes. */
    static void pushed(String format, String port, boolean verified) throws Exception {
        String supplier = "1" + String.format("%015d", Math.abs(System.nanoTime()) % 1_000_000_000_000_000L);
        String session = "S-" + supplier;
        sandbox("POST /ascp/suppliers", Map.of("supplier_id", supplier, "name", "示例进口商行 A&B", "app_key", key, "session", session,
            "customer_id", "c0001", "push_url", "http://127.0.0.1:" + port + "/spi?from=matou", "json", format.equals("JSON")));
        sandbox("POST /ascp/goods", Map.of("supplier_id", supplier, "goods", List.of(
            Map.of("sc_item_id", 690000000901L, "name", "示例面霜 <50ml> 😀", "outer_id", "IO-A", "price", 12900))));
        sandbox("POST /ascp/stock", Map.of("supplier_id", supplier, "store_code", "W", "sc_item_id", 690000000901L, "quantity", 40));
        Object order = Map.of("supplier_id", supplier, "store_code", "W", "lines", List.of(Map.of("sc_item_id", 690000000901L, "quantity", 2)));
        String shipped = at(sandbox("POST /ascp/orders", order), "code");
        String cancelled = at(sandbox("POST /ascp/orders", order), "code");
        await(format + ", order", shipped, "notify", verified);
        await(format + ", order", cancelled, "notify", verified);
        if (!verified) return;
        sandbox("POST /ascp/orders/" + cancelled + "/cancel", null);
        await(format + ", cancel", cancelled, "cancel", true);
        String line = at(sandbox("GET /ascp/orders/" + shipped, null), "lines.0.sub_order_code");
        String item = "{\"sub_order_code\":\"" + line + "\",\"sc_item_id\":\"690000000901\",\"item_quantity\":2}";
        String shipment = "{\"supplier_id\":\"" + supplier + "\",\"out_biz_id\":\"S-" + shipped + "\",\"biz_order_code\":\"" + shipped
            + "\",\"order_items\":[" + item + "],\"store_code\":\"W\",\"tms_orders\":[{\"tms_order_code\":\"SF0000000000101\","
            + "\"tms_service_code\":\"SF\",\"tms_items\":[" + item + "]}],\"whole_sheet_consigned\":true}";
        DefaultTaobaoClient client = new DefaultTaobaoClient(base + "/router/rest", key, secret, "xml", 15000, 30000, "md5");
        Answer answer = client.execute(new Call("alibaba.ascp.uop.supplier.consignorder.ship", Map.of("consignorder_ship_request", shipment)), session);
        check(format + ", ship", named(answer.getBody(), "success", "true") != null, answer.getBody());
        Map<String, Object> parcel = Map.of("carrier", "SF", "waybill", "SF0000000000901");
        String back = at(sandbox("POST /ascp/orders/" + shipped + "/returns", parcel), "code");
        for (int i = 0; i < 100 && !at(sandbox("GET /ascp/returns/" + back, null), "state_name").equals("已推送"); i++) Thread.sleep(100);
        String state = at(sandbox("GET /ascp/returns/" + back, null), "state_name");
        check(format + ", return", state.equals("已推送"), state);
        System.out.println("ok      ASCP, order, cancel and return pushed as " + format + ", verified by SpiUtils");
    }

    /** Waits until the push of this kind was answered: taken, or refused for its signature and to be repeated. */
    static void await(String what, String code, String kind, boolean verified) throws Exception {
        String seen = "";
        for (int i = 0; i < 100; i++) {
            Object order = sandbox("GET /ascp/orders/" + code, null);
            for (Object push : (List<?>) ((Map<?, ?>) order).get("pushes")) {
                if (!at(push, "kind").equals(kind)) continue;
                seen = at(push, "state") + " after " + at(push, "attempts") + " failures";
                if (seen.equals(verified ? "1 after 0 failures" : "0 after 1 failures")) {
                    if (!verified) System.out.println("ok      ASCP, " + what + " refused by SpiUtils with another secret, and kept to be repeated");
                    return;
                }
            }
            Thread.sleep(100);
        }
        check(what + " " + code + ", " + kind, false, "its state is " + seen);
    }

    @SuppressWarnings("unchecked")
    public static void main(String[] given) throws Exception {
        base = given[0];
        token = given[1];
        key = given[2];
        secret = given[3];
        List<Map<String, Object>> story = (List<Map<String, Object>>) json(Files.readString(Path.of(given[4])));
        play("xml", "md5", story);
        play("json", "hmac", story);
        play("xml", "hmac-sha256", story);
        for (String format : new String[] {"XML", "JSON"}) {
            pushed(format, given[5], true);
            pushed(format, given[6], false);
        }
        System.exit(failed == 0 ? 0 : 1);
    }
}
