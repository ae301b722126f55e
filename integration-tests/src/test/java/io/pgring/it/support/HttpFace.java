package io.pgring.it.support;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** The HTTP port of a proxy, seen by the JDK's client. */
public final class HttpFace {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final Duration WAIT_MAX = Duration.ofSeconds(60);

    private final int port;

    /** @param port on 127.0.0.1 */
    public HttpFace(int port) {
        this.port = port;
    }

    /** Address of a path with its query. */
    public URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    /** GET of a path with its query. */
    public HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send("GET", path, "");
    }

    /** GET of {@code /read} with any key. */
    public HttpResponse<String> read(String key) throws IOException, InterruptedException {
        return get("/read?key=" + URLEncoder.encode(key, StandardCharsets.UTF_8));
    }

    /** POST of a body in JSON. */
    public HttpResponse<String> post(String path, String json) throws IOException, InterruptedException {
        return send("POST", path, json);
    }

    /** Any request; no body is sent when it is empty. */
    public HttpResponse<String> send(String method, String path, String body) throws IOException, InterruptedException {
        return CLIENT.send(request(method, path, body), BodyHandlers.ofString());
    }

    private HttpRequest request(String method, String path, String body) {
        HttpRequest.BodyPublisher publisher = body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body);
        return HttpRequest.newBuilder(uri(path))
                .timeout(WAIT_MAX)
                .header("Content-Type", "application/json")
                .method(method, publisher)
                .build();
    }
}
