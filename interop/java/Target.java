// Somebody else's system behind Matou: it verifies each forwarded call with the official helper, `SpiUtils`, and answers success, or
// `sign-check-failure` as the platform prescribes. Arguments: secret, file to write the port to.

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.taobao.api.internal.spi.CheckResult;
import com.taobao.api.internal.spi.SpiUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import javax.servlet.ReadListener;
import javax.servlet.ServletInputStream;
import javax.servlet.http.HttpServletRequest;

public class Target {
    public static void main(String[] given) throws IOException {
        String secret = given[0];
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", exchange -> answer(exchange, secret));
        server.start();
        Path written = Path.of(given[1] + ".new");
        Files.writeString(written, String.valueOf(server.getAddress().getPort()));
        Files.move(written, Path.of(given[1]), StandardCopyOption.ATOMIC_MOVE);
    }

    static void answer(HttpExchange exchange, String secret) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String said;
        try {
            CheckResult result = SpiUtils.checkSign(request(exchange, body), secret);
            String query = String.valueOf(exchange.getRequestURI().getRawQuery());
            String text = new String(body, StandardCharsets.UTF_8);
            boolean fresh = SpiUtils.checkTimestamp(request(exchange, body), 10);
            said = result.isSuccess() && fresh
                ? "{\"success\":true,\"verified_by\":\"SpiUtils\",\"query\":" + quoted(query) + ",\"body\":" + quoted(text) + "}"
                : "{\"flag\":\"failure\",\"sub_code\":\"sign-check-failure\",\"sub_message\":\"Illegal request\"}";
        } catch (Exception error) {
            said = "{\"flag\":\"failure\",\"sub_code\":\"sign-check-failure\",\"sub_message\":" + quoted(error.toString()) + "}";
        }
        byte[] bytes = said.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json;charset=UTF-8");
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n").replace("\r", "\\r") + "\"";
    }

    /** What the helper asks of a servlet request. */
    static HttpServletRequest request(HttpExchange exchange, byte[] body) {
        String query = exchange.getRequestURI().getRawQuery();
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        return (HttpServletRequest) Proxy.newProxyInstance(Target.class.getClassLoader(), new Class<?>[] {HttpServletRequest.class},
            (proxy, method, arguments) -> {
                switch (method.getName()) {
                    case "getQueryString":
                        return query;
                    case "getContentType":
                        return type;
                    case "getHeader":
                        return exchange.getRequestHeaders().getFirst((String) arguments[0]);
                    case "getCharacterEncoding":
                        return "UTF-8";
                    case "getRemoteAddr":
                        return exchange.getRemoteAddress().getAddress().getHostAddress();
                    case "getInputStream":
                        return stream(new ByteArrayInputStream(body));
                    case "getParameter":
                        return all(query, type, body).get((String) arguments[0]);
                    case "getParameterNames":
                        return Collections.enumeration(all(query, type, body).keySet());
                    case "getParameterMap": {
                        Map<String, String[]> map = new HashMap<>();
                        all(query, type, body).forEach((name, value) -> map.put(name, new String[] {value}));
                        return map;
                    }
                    default:
                        throw new UnsupportedOperationException(method.getName());
                }
            });
    }

    /** Query and form, as a servlet container puts them together. */
    static Map<String, String> all(String query, String type, byte[] body) {
        Map<String, String> all = new HashMap<>();
        String form = type == null || type.startsWith("application/x-www-form-urlencoded")
            ? new String(body, StandardCharsets.UTF_8) : "";
        for (String part : (query + "&" + form).split("&")) {
            int at = part.indexOf('=');
            if (at < 0) continue;
            all.putIfAbsent(
                URLDecoder.decode(part.substring(0, at), StandardCharsets.UTF_8),
                URLDecoder.decode(part.substring(at + 1), StandardCharsets.UTF_8));
        }
        return all;
    }

    static ServletInputStream stream(InputStream bytes) {
        return new ServletInputStream() {
            public int read() throws IOException {
                return bytes.read();
            }

            public boolean isFinished() {
                return false;
            }

            public boolean isReady() {
                return true;
            }

            public void setReadListener(ReadListener listener) {}
        };
    }
}
