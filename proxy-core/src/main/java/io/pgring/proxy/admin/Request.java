package io.pgring.proxy.admin;

import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;

/**
 * A whole request.
 *
 * @param path without the query; as it was sent, no resource has a path that needs escapes
 * @param query what follows the question mark, still encoded; empty when there is none
 * @param body its bytes
 */
@SuppressWarnings("ArrayRecordComponent")
record Request(HttpMethod method, String path, String query, HttpHeaders headers, byte[] body) {

    /** Borrows the message. */
    static Request of(FullHttpRequest message) {
        String target = withoutAuthority(message.uri());
        int fragment = target.indexOf('#');
        target = fragment < 0 ? target : target.substring(0, fragment);
        int mark = target.indexOf('?');
        String path = mark < 0 ? target : target.substring(0, mark);
        String query = mark < 0 ? "" : target.substring(mark + 1);
        return new Request(message.method(), path, query, message.headers(), ByteBufUtil.getBytes(message.content()));
    }

    /** A client that takes the port for a proxy of HTTP names the host in the request line (RFC 9112, absolute-form). */
    private static String withoutAuthority(String uri) {
        int scheme = uri.indexOf("://");
        if (scheme < 0 || uri.startsWith("/")) {
            return uri;
        }
        int path = uri.indexOf('/', scheme + 3);
        return path < 0 ? "/" : uri.substring(path);
    }
}
