package io.pgring.proxy.config;

import com.google.common.base.Splitter;
import java.nio.file.Path;
import java.util.List;

/** Reads what the configuration says of TLS. */
final class TlsSections {
    private static final Splitter CIPHERS = Splitter.on(':').trimResults().omitEmptyStrings();

    private TlsSections() {}

    /** The section {@code listen.tls}. Who names a certificate wants it to be used, unless the mode says otherwise. */
    static ListenTls listen(Section section) throws ConfigurationException {
        Path certificate = section.path("certificate");
        Path key = section.path("key");
        Path clientCa = section.path("clientCa");
        TlsMode mode = section.choice(
                "mode", certificate == null ? TlsMode.DISABLE : TlsMode.PREFER, TlsMode.values(), TlsMode::word);
        TlsVersion version = section.choice(
                "protocolVersionMin", ListenTls.DISABLED.protocolVersionMin(), TlsVersion.values(), TlsVersion::word);
        String ciphers = section.text("ciphers");
        List<String> allowed = ciphers == null ? List.of() : CIPHERS.splitToList(ciphers);
        return section.finish(() -> new ListenTls(mode, certificate, key, clientCa, version, allowed));
    }

    /** The keys of a shard. */
    static ShardTls shard(Section section) throws ConfigurationException {
        TlsMode mode = section.choice("tls", TlsMode.PREFER, TlsMode.values(), TlsMode::word);
        Path rootCertificate = section.path("tlsRootCertificate");
        Path certificate = section.path("tlsCertificate");
        Path key = section.path("tlsKey");
        TlsNegotiation negotiation = section.choice(
                "tlsNegotiation", TlsNegotiation.POSTGRES, TlsNegotiation.values(), TlsNegotiation::word);
        ChannelBindingMode channelBinding = section.choice(
                "channelBinding", ChannelBindingMode.PREFER, ChannelBindingMode.values(), ChannelBindingMode::word);
        return section.check(() -> new ShardTls(mode, rootCertificate, certificate, key, negotiation, channelBinding));
    }
}
