package io.pgring.pgwire.auth;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The beginning of a client-first-message, which says what the client thinks of channel binding (RFC 5802, section 6).
 *
 * @param flag n: the client can't bind to a channel; y: it can but thinks that the server can't; p: it does
 */
record Gs2Header(char flag) {
    /** As it is sent. */
    String text() {
        return flag == 'p' ? "p=" + ChannelBinding.TYPE + ",," : flag + ",,";
    }

    /**
     * The attribute c of the client-final-message: the header and the data of the binding, in base64.
     *
     * @param binding of the connection; only used with flag p
     */
    String attribute(@Nullable ChannelBinding binding) {
        byte[] header = text().getBytes(StandardCharsets.US_ASCII);
        byte[] data = flag == 'p' && binding != null ? binding.data() : new byte[0];
        byte[] all = new byte[header.length + data.length];
        System.arraycopy(header, 0, all, 0, header.length);
        System.arraycopy(data, 0, all, header.length, data.length);
        return Base64.getEncoder().encodeToString(all);
    }
}
