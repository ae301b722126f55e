package io.pgring.proxy.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An address to listen on, written {@code 127.0.0.1:6432}, {@code [::1]:6432}, {@code *:6432} (every address of the
 * machine) or {@code 6432} (loopback).
 *
 * @param host name or address without brackets, or {@code *}
 * @param port 0 for any free port
 */
public record Endpoint(String host, int port) {
    private static final String LOOPBACK = "127.0.0.1";
    private static final Pattern FORM = Pattern.compile("(?:(?:\\[([^\\]]+)\\]|([^:\\[\\]]+)):)?(\\d{1,9})");
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    public Endpoint {
        InvalidValueException.ifBlank("", host);
        InvalidValueException.unlessBetween("", port, 0, 65_535);
    }

    /** Reads the written form; an {@link InvalidValueException} says what is wrong with it. */
    public static Endpoint parse(String text) {
        Matcher form = FORM.matcher(text.strip());
        if (!form.matches()) {
            throw new InvalidValueException(
                    "", "must be host:port such as 127.0.0.1:6432 or \"[::1]:6432\", not '" + text + "'");
        }
        String host = form.group(1) != null ? form.group(1) : form.group(2);
        return new Endpoint(host == null ? LOOPBACK : host, Integer.parseInt(form.group(3)));
    }

    /** Whether only programs on this machine can reach it. No name but {@code localhost} is looked up or trusted. */
    public boolean isLoopback() {
        if (host.toLowerCase(Locale.ROOT).equals("localhost")) {
            return true;
        }
        if (!IPV4.matcher(host).matches() && host.indexOf(':') < 0) {
            return false;
        }
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** The address to bind; resolves a host name, which may block, and may be unresolved. */
    public InetSocketAddress toSocketAddress() {
        return host.equals("*") ? new InetSocketAddress(port) : new InetSocketAddress(host, port);
    }

    /** The written form. */
    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
