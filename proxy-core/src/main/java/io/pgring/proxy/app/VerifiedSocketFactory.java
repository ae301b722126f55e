package io.pgring.proxy.app;

import io.pgring.proxy.config.ShardTls;
import io.pgring.proxy.config.TlsMode;
import io.pgring.proxy.tls.TlsContexts;
import io.pgring.proxy.tls.TlsException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Properties;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** TLS of the JDBC driver's sockets to a shard, by the same rules as on event loops. The driver makes it by its name. */
public final class VerifiedSocketFactory extends SSLSocketFactory {
    private final SSLSocketFactory sockets;
    private final boolean checksHost;

    /**
     * Reads the files that the settings name.
     *
     * @param properties of the connection, from {@link ShardTlsProperties}
     */
    public VerifiedSocketFactory(Properties properties) throws TlsException {
        ShardTls tls = ShardTlsProperties.get(properties);
        this.sockets = TlsContexts.blocking(tls).getSocketFactory();
        this.checksHost = tls.mode() == TlsMode.VERIFY_FULL;
    }

    @Override
    public String[] getDefaultCipherSuites() {
        return sockets.getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return sockets.getSupportedCipherSuites();
    }

    @Override
    public Socket createSocket(Socket plain, String host, int port, boolean autoClose) throws IOException {
        SSLSocket socket = (SSLSocket) sockets.createSocket(plain, host, port, autoClose);
        if (checksHost) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
        }
        return socket;
    }

    @Override
    public Socket createSocket(String host, int port) {
        throw unconnected();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
        throw unconnected();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        throw unconnected();
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort) {
        throw unconnected();
    }

    private static UnsupportedOperationException unconnected() {
        return new UnsupportedOperationException("TLS begins on a socket that is connected already");
    }
}
