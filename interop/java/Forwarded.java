// Official client → Matou → a foreign target that verifies with the official helper: every digest, form, JSON and XML. Arguments: base
// URL, app_key, secret, target_app_key, what is expected: `verified`, or the sub_code of a refusal.

import com.qimencloud.api.DefaultQimenCloudClient;
import com.qimencloud.api.QimenCloudRequest;
import com.qimencloud.api.QimenCloudResponse;
import com.taobao.api.ApiException;

public class Forwarded {
    public static void main(String[] given) throws ApiException {
        boolean verified = given[4].equals("verified");
        int failed = 0;
        String[][] bodies = {
            {"form", null, null},
            {"JSON", "application/json;charset=utf-8", "{\n  \"tid\": \"T1\", \"receiver_city\": \"上海市\", \"memo\": \"a+b=c&d\"\n}"},
            {"XML", "text/xml;charset=utf-8", "<request>\n<tid>T1</tid><city>上海市 &amp; 😀</city>\n</request>"},
        };
        for (String digest : new String[] {"md5", "hmac", "hmac-sha256"}) {
            DefaultQimenCloudClient client =
                new DefaultQimenCloudClient(given[0] + "/router/qm", given[1], given[2], "json", 15000, 30000, digest);
            for (String[] body : bodies) {
                QimenCloudRequest request = new QimenCloudRequest();
                request.setApiMethodName("x1y2z3.demo." + body[0].toLowerCase() + ".push");
                request.setTargetAppKey(given[3]);
                request.addQueryParam("customerId", "c0001");
                request.addQueryParam("shop_no", "旗舰店 A&B=1+2 %41");
                if (body[1] != null) {
                    request.setContentType(body[1]);
                    request.setBody(body[2]);
                }
                QimenCloudResponse answer = client.execute(request);
                String said = answer.getBody();
                boolean good = verified
                    ? answer.isSuccess() && said.contains("\"verified_by\":\"SpiUtils\"")
                    : !answer.isSuccess() && given[4].equals(answer.getSubCode());
                System.out.println((good ? "ok      " : "FAILED  ") + "forwarded, " + given[4] + ", " + body[0] + ", " + digest + (good ? "" : ": " + said));
                if (!good) failed++;
            }
        }
        System.exit(failed);
    }
}
