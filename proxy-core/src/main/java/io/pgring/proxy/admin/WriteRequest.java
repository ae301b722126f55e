package io.pgring.proxy.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import java.nio.charset.CharacterCodingException;
import java.util.Iterator;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /write}: a JSON object with exactly {@code key}, a string, and {@code value}, a string or null. A field of
 * another name is an error, since it may be one of these misspelt. The media type may be anything, as {@code curl -d} sends that
 * of a form, but the charset is UTF-8.
 */
record WriteRequest(String key, @Nullable String value) {
    private static final String EXAMPLE = "Send an object such as {\"key\":\"user_1\",\"value\":\"Alice\"}.";
    private static final Set<String> CHARSETS = Set.of("utf-8", "utf8", "us-ascii");

    /** @throws RequestRefused (400 or 415) when it is not like that */
    static WriteRequest of(Request request) {
        checkEncoding(request);
        JsonNode body = decode(request.body());
        if (!body.isObject()) {
            throw RequestRefused.badRequest(
                    body.isMissingNode() ? "body is empty" : "body is not a JSON object", EXAMPLE);
        }
        for (Iterator<String> names = body.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!name.equals("key") && !name.equals("value")) {
                throw RequestRefused.badRequest("field \"" + name + "\" is not known", EXAMPLE);
            }
        }
        JsonNode key = field(body, "key");
        JsonNode value = field(body, "value");
        if (!key.isTextual()) {
            throw RequestRefused.badRequest("field \"key\" is not a string", EXAMPLE);
        }
        if (!value.isTextual() && !value.isNull()) {
            throw RequestRefused.badRequest("field \"value\" is not a string or null", EXAMPLE);
        }
        return new WriteRequest(key.textValue(), value.textValue());
    }

    private static JsonNode field(JsonNode body, String name) {
        JsonNode node = body.get(name);
        if (node == null) {
            throw RequestRefused.badRequest("field \"" + name + "\" is missing", EXAMPLE);
        }
        return node;
    }

    private static void checkEncoding(Request request) {
        String type = request.headers().get(HttpHeaderNames.CONTENT_TYPE, "");
        CharSequence charset = HttpUtil.getCharsetAsSequence(type);
        if (charset != null
                && !CHARSETS.contains(charset.toString().replace("\"", "").toLowerCase(Locale.ROOT))) {
            throw unsupported("charset " + charset + " is not supported", "Send UTF-8.");
        }
        String encoding = request.headers().get(HttpHeaderNames.CONTENT_ENCODING, "");
        if (!encoding.isEmpty() && !HttpHeaderValues.IDENTITY.contentEqualsIgnoreCase(encoding)) {
            throw unsupported("content encoding " + encoding + " is not supported", "Send the body as it is.");
        }
    }

    private static RequestRefused unsupported(String error, String hint) {
        return new RequestRefused(Answer.problem(HttpResponseStatus.UNSUPPORTED_MEDIA_TYPE, error, hint));
    }

    private static JsonNode decode(byte[] body) {
        try {
            return Json.decode(KeyText.decode(body));
        } catch (CharacterCodingException e) {
            throw RequestRefused.badRequest("body is not valid UTF-8", EXAMPLE);
        } catch (JsonProcessingException e) {
            throw RequestRefused.badRequest("body is not valid JSON: " + e.getOriginalMessage(), EXAMPLE);
        }
    }
}
