package io.pgring.proxy.config;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A shard as a connection URI of libpq (manual, section 34.1.1.2): {@code postgresql://user:password@host:port/database?sslmode=require}. What is
 * left out has the defaults of the configuration file; the password may be in PGPASSWORD.
 */
public final class ShardUrl {
    private static final Pattern FORM =
            Pattern.compile("postgres(?:ql)?://(?:([^:@/?]*)(?::([^@/?]*))?@)?([^/?]*)(?:/([^?]*))?(?:\\?(.*))?");

    private static final Pattern ONE_HOST = Pattern.compile("(\\[[^\\]]+\\]|[^:,]+)(?::(\\d{1,5}))?");

    private ShardUrl() {}

    /**
     * Reads one.
     *
     * @param name of the shard
     * @param environment has PGPASSWORD
     * @throws InvalidValueException if it is none
     */
    public static ShardConfiguration parse(String name, String url, int weight, Map<String, String> environment) {
        Matcher form = FORM.matcher(url);
        if (!form.matches() || form.group(3).isEmpty()) {
            throw new InvalidValueException("url", "must be like postgresql://user@host:5432/database");
        }
        Map<String, String> parameters = parameters(form.group(5));
        String host = decoded(form.group(3));
        int port = ShardConfiguration.DEFAULT_PORT;
        Matcher one = ONE_HOST.matcher(form.group(3));
        if (one.matches()) {
            host = decoded(one.group(1)).replaceAll("^\\[|\\]$", "");
            port = one.group(2) == null ? port : Integer.parseInt(one.group(2));
        }
        String database = form.group(4) == null || form.group(4).isEmpty()
                ? Configuration.DEFAULT_DATABASE
                : decoded(form.group(4));
        String user = form.group(1) == null || form.group(1).isEmpty() ? "postgres" : decoded(form.group(1));
        String password = form.group(2) == null ? environment.get("PGPASSWORD") : decoded(form.group(2));
        ShardTls tls = tls(parameters, host.startsWith("/"));
        if (!parameters.isEmpty()) {
            throw new InvalidValueException(
                    "url",
                    "there is no parameter " + parameters.keySet().iterator().next());
        }
        return new ShardConfiguration(name, host, port, database, user, password, tls, weight);
    }

    private static ShardTls tls(Map<String, String> parameters, boolean local) {
        return new ShardTls(
                word("sslmode", TlsMode.values(), TlsMode::word, parameters, local ? TlsMode.DISABLE : TlsMode.PREFER),
                path(parameters.remove("sslrootcert")),
                path(parameters.remove("sslcert")),
                path(parameters.remove("sslkey")),
                word(
                        "sslnegotiation",
                        TlsNegotiation.values(),
                        TlsNegotiation::word,
                        parameters,
                        TlsNegotiation.POSTGRES),
                word(
                        "channel_binding",
                        ChannelBindingMode.values(),
                        ChannelBindingMode::word,
                        parameters,
                        ChannelBindingMode.PREFER));
    }

    private static @Nullable Path path(@Nullable String text) {
        return text == null ? null : Path.of(text).toAbsolutePath();
    }

    private static <E> E word(
            String key, E[] values, Function<E, String> word, Map<String, String> parameters, E otherwise) {
        String text = parameters.remove(key);
        if (text == null) {
            return otherwise;
        }
        return Arrays.stream(values)
                .filter(value -> word.apply(value).equals(text))
                .findFirst()
                .orElseThrow(() -> new InvalidValueException("url", key + " must not be " + text));
    }

    private static Map<String, String> parameters(@Nullable String query) {
        Map<String, String> parameters = new HashMap<>();
        if (query != null && !query.isEmpty()) {
            for (String parameter : query.split("&", -1)) {
                String[] parts = parameter.split("=", 2);
                parameters.put(decoded(parts[0]), parts.length == 1 ? "" : decoded(parts[1]));
            }
        }
        return parameters;
    }

    /** Percent signs alone: a plus sign is one. */
    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new InvalidValueException("url", "has a percent sign without two hexadecimal digits");
        }
    }
}
