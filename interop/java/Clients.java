// The official Java clients, unmodified, against a live Matou: Qimen custom scene with every digest as form, JSON and XML; TOP, also as
// multipart with a file; the standard scene of warehouses. Arguments: base URL, app_key, secret, target_app_key, sid, and for warehouses customerId, key, secret,
// ownerCode, warehouseCode, itemCode.

import com.qimen.api.DefaultQimenClient;
import com.qimen.api.QimenRequest;
import com.qimen.api.QimenResponse;
import com.qimencloud.api.DefaultQimenCloudClient;
import com.qimencloud.api.QimenCloudRequest;
import com.qimencloud.api.QimenCloudResponse;
import com.taobao.api.ApiException;
import com.taobao.api.BaseTaobaoRequest;
import com.taobao.api.DefaultTaobaoClient;
import com.taobao.api.FileItem;
import com.taobao.api.TaobaoResponse;
import com.taobao.api.TaobaoUploadRequest;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

public class Clients {
    static int failed = 0;

    static void check(String what, boolean good, String body) {
        System.out.println((good ? "ok      " : "FAILED  ") + what + (good ? "" : ": " + body));
        if (!good) failed++;
    }

    /** A query for a custom scene; the generated classes add nothing but names. */
    static QimenCloudRequest shops(String target, String sid) {
        QimenCloudRequest request = new QimenCloudRequest();
        request.setApiMethodName("hu3cgwt0tc.wdt.shop.query");
        request.setTargetAppKey(target);
        request.addQueryParam("sid", sid);
        request.addQueryParam("memo", "旗舰店 A&B=1+2 %41");
        request.addQueryParam("empty", "");
        return request;
    }

    public static class TimeResponse extends TaobaoResponse {
        @com.taobao.api.internal.mapping.ApiField("time")
        private String time;

        public String getTime() {
            return time;
        }

        public void setTime(String time) {
            this.time = time;
        }
    }

    public static class TimeRequest extends BaseTaobaoRequest<TimeResponse> {
        public String getApiMethodName() {
            return "taobao.time.get";
        }

        public Map<String, String> getTextParams() {
            return new HashMap<>();
        }

        public Class<TimeResponse> getResponseClass() {
            return TimeResponse.class;
        }

        public void check() {}
    }

    public static class UploadResponse extends TaobaoResponse {}

    /** The same query, with a file that no signature covers: the client sends multipart then. */
    public static class UploadRequest extends BaseTaobaoRequest<UploadResponse> implements TaobaoUploadRequest<UploadResponse> {
        private final String sid;

        UploadRequest(String target, String sid) {
            this.sid = sid;
            setTargetAppKey(target);
        }

        public String getApiMethodName() {
            return "hu3cgwt0tc.wdt.shop.query";
        }

        public Map<String, String> getTextParams() {
            Map<String, String> texts = new HashMap<>();
            texts.put("sid", sid);
            texts.put("memo", "旗舰店 A&B=1+2 %41");
            return texts;
        }

        public Map<String, FileItem> getFileParams() {
            Map<String, FileItem> files = new HashMap<>();
            files.put("photo", new FileItem("店.txt", "\r\n--no boundary\r\n".getBytes(StandardCharsets.UTF_8), "text/plain"));
            return files;
        }

        public Class<UploadResponse> getResponseClass() {
            return UploadResponse.class;
        }

        public void check() {}
    }

    public static class StockResponse extends QimenResponse {}

    public static class StockRequest extends QimenRequest<StockResponse> {
        public String getApiMethodName() {
            return "taobao.qimen.stockchange.report";
        }

        public Class<StockResponse> getResponseClass() {
            return StockResponse.class;
        }
    }

    /** The client of warehouses keeps its digest in a field that only subclasses reach. */
    static class Warehouses extends DefaultQimenClient {
        Warehouses(String url, String key, String secret, String digest) {
            super(url, key, secret);
            signMethod = digest;
        }
    }

    public static void main(String[] given) throws ApiException {
        String base = given[0], key = given[1], secret = given[2], target = given[3], sid = given[4];
        String[] digests = {"md5", "hmac", "hmac-sha256"};
        String list = "{\"page_size\":5,\"memo\":\"旗舰店 😀\"}";
        String element = "<request><page_size>5</page_size><memo>旗舰店 &lt;</memo></request>";
        for (String digest : digests) {
            for (String format : new String[] {"json", "xml"}) {
                DefaultQimenCloudClient client =
                    new DefaultQimenCloudClient(base + "/router/qm", key, secret, format, 15000, 30000, digest);
                String name = digest + ", answered in " + format;
                QimenCloudResponse form = client.execute(shops(target, sid));
                check("Qimen, form, " + name, good(form), form.getBody());
                QimenCloudRequest json = shops(target, sid);
                json.setContentType("application/json;charset=utf-8");
                json.setBody(list);
                QimenCloudResponse answer = client.execute(json);
                check("Qimen, JSON, " + name, good(answer), answer.getBody());
                QimenCloudRequest xml = shops(target, sid);
                xml.setContentType("text/xml;charset=utf-8");
                xml.setBody(element);
                answer = client.execute(xml);
                check("Qimen, XML, " + name, good(answer), answer.getBody());

                DefaultTaobaoClient top =
                    new DefaultTaobaoClient(base + "/router/rest", key, secret, format, 15000, 30000, digest);
                TimeResponse time = top.execute(new TimeRequest());
                boolean told = time.isSuccess() && time.getTime() != null && time.getTime().length() == 19;
                check("TOP, " + name, told, time.getBody());
                String shops = top.execute(new UploadRequest(target, sid)).getBody();
                check("TOP, multipart, " + name, shops.contains("shoplist") && shops.contains("api_test"), shops);
            }
            DefaultQimenCloudClient wrong =
                new DefaultQimenCloudClient(base + "/router/qm", key, "not the secret", "json", 15000, 30000, digest);
            QimenCloudResponse refused = wrong.execute(shops(target, sid));
            boolean understood = !refused.isSuccess() && "25".equals(refused.getErrorCode()) && "Invalid signature".equals(refused.getMsg());
            check("Qimen, wrong secret, " + digest, understood, refused.getBody());
        }
        if (given.length > 5) {
            DefaultQimenClient client = new DefaultQimenClient(base + "/router/qimen/service", given[6], given[7]);
            StockRequest report = new StockRequest();
            report.setCustomerId(given[5]);
            StockResponse answer = null;
            for (String digest : digests) {
                String number = "J" + digest + System.currentTimeMillis();
                report.setBody("<request><items><item><ownerCode>" + given[8] + "</ownerCode><warehouseCode>" + given[9]
                    + "</warehouseCode><orderCode>" + number + "</orderCode><orderType>QTRK</orderType><outBizCode>" + number
                    + "</outBizCode><itemCode>" + given[10] + "</itemCode><quantity>1</quantity><remark>盘盈 &amp; 其他</remark></item></items></request>");
                DefaultQimenClient own = digest.equals("md5") ? client : new Warehouses(base + "/router/qimen/service", given[6], given[7], digest);
                answer = own.execute(report);
                check("warehouses, XML, " + digest, answer.isSuccess() && "success".equals(answer.getFlag()), answer.getFlag() + " " + answer.getMessage());
            }
            report.setBody("<request><items></items></request>");
            answer = client.execute(report);
            check("warehouses, refused by the business", "failure".equals(answer.getFlag()), answer.getFlag() + " " + answer.getMessage());
            report.setCustomerId("nobody");
            answer = client.execute(report);
            boolean understood = !answer.isSuccess() && "failure".equals(answer.getFlag()) && answer.getMessage() != null;
            check("warehouses, customerId not known", understood, answer.getFlag() + " " + answer.getMessage());
        }
        System.exit(failed);
    }

    static boolean good(QimenCloudResponse response) {
        String body = response.getBody();
        return response.isSuccess() && body.contains("shoplist") && body.contains("errorcode") && body.contains("api_test");
    }
}
