package io.pgring.proxy.app;

import io.pgring.proxy.admin.ReloadReport;
import io.pgring.proxy.config.Configuration;
import io.pgring.proxy.config.ConfigurationException;
import io.pgring.proxy.config.ConfigurationMerge;
import io.pgring.proxy.config.ConfigurationView;
import io.pgring.proxy.config.InvalidValueException;
import io.pgring.proxy.tls.TlsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a configuration file that has changed into force while the proxy runs: all that can be changed at run time, or nothing when
 * anything in the file, or in a file that it names, is wrong.
 *
 * <p>Whatever holds something of the configuration for longer than a look into the {@link ConfigurationView} is a {@link Part}.
 */
final class Reload {
    private static final Logger LOG = LoggerFactory.getLogger(Reload.class);

    /** Keys, or sections with a full stop at their end, that can be changed at run time. */
    private static final Set<String> LIVE = Set.of(
            "clients.usersFile",
            "limits.",
            "pool.connectionsPerShardMax",
            "pool.queueLengthMax",
            "pool.queueWaitMillisMax",
            "pool.idleMillisMax",
            "pool.lifetimeMillisMax",
            "pool.preparedStatementsMax");

    /** Exceptions from sections in {@link #LIVE}. */
    private static final Set<String> FIXED = Set.of("limits.planCacheEntriesMax");

    /** Something that must be told. */
    interface Part {
        /**
         * Reads the files that the configuration names, and makes ready for it.
         *
         * @param next what is to be in force
         * @return brings it into force; can't fail
         * @throws ConfigurationException when a file can't be used: nothing is changed then
         * @throws TlsException when it is one with a certificate or a key
         */
        Runnable prepare(Configuration next) throws ConfigurationException, TlsException;
    }

    /** Where the configuration comes from. */
    interface Source {
        /** Reads it as it is now. */
        Configuration read() throws ConfigurationException;
    }

    private final ConfigurationView view;
    private final Source source;
    private final List<Part> parts;

    /**
     * @param source read again each time
     * @param parts all that must be told, in order
     */
    Reload(ConfigurationView view, Source source, List<Part> parts) {
        this.view = view;
        this.source = source;
        this.parts = List.copyOf(parts);
    }

    /** Reads the file again. May block. */
    synchronized ReloadReport run() {
        try {
            ConfigurationMerge.Merged merged = ConfigurationMerge.of(view.get(), source.read(), Reload::isLive);
            List<Runnable> changes = new ArrayList<>();
            for (Part part : parts) {
                changes.add(part.prepare(merged.configuration()));
            }
            view.set(merged.configuration());
            changes.forEach(Runnable::run);
            report(merged);
            return new ReloadReport(merged.applied(), merged.restart(), null, null);
        } catch (ConfigurationException e) {
            LOG.error("configuration is not reloaded, nothing is changed error=\"{}\"", e.getMessage());
            return ReloadReport.refused(e.getMessage(), e.hint());
        } catch (TlsException e) {
            LOG.error("configuration is not reloaded, nothing is changed error=\"{}\"", e.getMessage());
            return ReloadReport.refused(e.getMessage(), "Mend the file; the old one stays in use.");
        } catch (InvalidValueException e) {
            LOG.error("configuration is not reloaded, nothing is changed error=\"{}\"", e.getMessage());
            return ReloadReport.refused(
                    e.getMessage(), "Restart the proxy: not all that has changed can be changed before.");
        }
    }

    static boolean isLive(String path) {
        return !FIXED.contains(path) && (LIVE.contains(path) || LIVE.contains(path.replaceFirst("\\..*", ".")));
    }

    private static void report(ConfigurationMerge.Merged merged) {
        LOG.info("configuration reloaded changed=\"{}\"", String.join(", ", merged.applied()));
        if (!merged.restart().isEmpty()) {
            LOG.warn("changes that need a restart keys=\"{}\"", String.join(", ", merged.restart()));
        }
    }
}
