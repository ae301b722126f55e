package io.pgring.proxy.exchange;

import io.pgring.proxy.backend.SessionVariables;
import io.pgring.proxy.routing.SearchPath;
import io.pgring.proxy.routing.SessionEffect;
import io.pgring.proxy.routing.SessionEffect.OfChannels;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The settings of one client, and the channels that it listens to: its defaults from the start-up message, those in force, and those that the
 * open transaction has made and may still undo.
 */
public final class ClientVariables {
    private static final String FLOAT_DIGITS = "extra_float_digits";
    /** A statement that sets a parameter to a number above 0. */
    private static final Pattern ENOUGH_DIGITS = Pattern.compile("[^-]*(=|\\b[tT][oO]\\b)\\s*'?[1-9]\\d*'?\\s*");

    /** What RESET ALL leaves as it is (guc.h, GUC_NO_RESET_ALL). */
    private static final Set<String> IDENTITY = Set.of("role", "session_authorization");

    /**
     * A parameter that decides how values are written.
     *
     * @param exact statements that set it so that values can be read again; in lower case
     */
    private record Style(String name, Pattern exact) {
        /** Whether a statement does not set it otherwise. */
        boolean isExactIn(String statement) {
            String lower = statement.toLowerCase(Locale.ROOT);
            return !lower.contains(name) || exact.matcher(lower).matches();
        }
    }

    private static final List<Style> EXACT_STYLES = List.of(
            new Style("datestyle", Pattern.compile("[^=]*(=|\\bto\\b)[\\s'\"]*iso\\b.*", Pattern.DOTALL)),
            new Style("intervalstyle", Pattern.compile("[^=]*(=|\\bto\\b)[\\s'\"]*postgres[\\s'\"]*", Pattern.DOTALL)));

    private final SessionVariables defaults;
    private SessionVariables inForce;
    private final List<SessionEffect> pending = new ArrayList<>();
    private final Set<String> channels = new LinkedHashSet<>(0);

    /** @param defaults what RESET returns to */
    public ClientVariables(SessionVariables defaults) {
        this.defaults = defaults;
        this.inForce = defaults;
    }

    /** What a server connection must have before the client's next transaction. */
    public SessionVariables inForce() {
        return inForce;
    }

    /** The statements that make the client's defaults after a statement that has made the server's. */
    List<String> defaultsAfter(SessionEffect effect) {
        List<String> statements = new ArrayList<>();
        for (String name : defaults.names()) {
            boolean affected = (effect instanceof SessionEffect.ResetAll && !IDENTITY.contains(name))
                    || (effect instanceof SessionEffect.Reset reset
                            && reset.name().equals(name));
            String statement = defaults.statementOf(name);
            if (affected && statement != null) {
                statements.add(statement);
            }
        }
        return statements;
    }

    /** Whether unqualified names may mean other tables than those that are known as sharded. */
    boolean leavesPublic() {
        String path = inForce.statementOf("search_path");
        return (path != null && SearchPath.leavesPublic(path))
                || pending.stream()
                        .anyMatch(effect -> effect instanceof SessionEffect.Assign assign
                                && assign.name().equals("search_path")
                                && SearchPath.leavesPublic(assign.statement()));
    }

    /** Whether floating-point numbers may be written with fewer digits than tell them apart. */
    boolean roundsFloats() {
        String digits = inForce.statementOf(FLOAT_DIGITS);
        return (digits != null && rounds(digits))
                || pending.stream().map(SessionEffect::statement).anyMatch(ClientVariables::rounds);
    }

    private static boolean rounds(String statement) {
        return statement.toLowerCase(Locale.ROOT).contains(FLOAT_DIGITS)
                && !ENOUGH_DIGITS.matcher(statement).matches();
    }

    /** Whether dates and intervals are written so that they can be read again. */
    boolean writesIsoDates() {
        return EXACT_STYLES.stream().allMatch(this::isExact);
    }

    private boolean isExact(Style style) {
        String statement = inForce.statementOf(style.name());
        return (statement == null || style.isExactIn(statement))
                && pending.stream().map(SessionEffect::statement).allMatch(style::isExactIn);
    }

    /** Whether there are no settings but the defaults. */
    boolean areDefaults() {
        return pending.isEmpty() && inForce.equals(defaults);
    }

    boolean hasPending() {
        return pending.stream()
                .anyMatch(effect -> !(effect instanceof SessionEffect.Savepoint
                        || effect instanceof SessionEffect.Local
                        || effect instanceof OfChannels));
    }

    /** A statement with an effect has succeeded inside the transaction; AND CHAIN here ends a failed one. */
    void add(SessionEffect effect) {
        if (effect instanceof SessionEffect.Several several) {
            several.effects().forEach(this::add);
            return;
        }
        if (effect instanceof SessionEffect.RollbackTo to) {
            int mark = lastSavepoint(to.name());
            if (mark >= 0) {
                pending.subList(mark + 1, pending.size()).clear();
            }
        } else if (effect instanceof SessionEffect.Release release) {
            int mark = lastSavepoint(release.name());
            if (mark >= 0) {
                List<SessionEffect> released = pending.subList(mark, pending.size());
                released.removeIf(SessionEffect.Savepoint.class::isInstance);
            }
        } else if (effect instanceof SessionEffect.End) {
            pending.clear();
        } else {
            pending.add(effect);
        }
    }

    private int lastSavepoint(String name) {
        return pending.lastIndexOf(new SessionEffect.Savepoint(name));
    }

    /** Whether the isolation level of transactions is PostgreSQL's default. */
    boolean hasPlainIsolation() {
        String parameter = "default_transaction_isolation";
        return inForce.statementOf(parameter) == null
                && pending.stream()
                        .noneMatch(effect -> effect instanceof SessionEffect.Assign assign
                                && assign.name().equals(parameter));
    }

    /** Whether statements of the open transaction may as well run with the settings from before it. */
    boolean isPlain() {
        return hasPlainIsolation()
                && pending.stream()
                        .allMatch(effect -> effect instanceof SessionEffect.Savepoint || effect instanceof OfChannels);
    }

    /**
     * The transaction has ended.
     *
     * @return what the server session, which has {@code server}, has come to have
     */
    SessionVariables end(boolean committed, SessionVariables server) {
        SessionVariables onServer = server;
        endChannels(committed);
        if (committed) {
            for (SessionEffect effect : pending) {
                inForce = apply(effect, inForce, defaults);
                onServer = apply(effect, onServer, defaults);
            }
        }
        pending.clear();
        return onServer;
    }

    /** The channels that it listens to, in the order of the LISTENs. */
    Set<String> channels() {
        return channels;
    }

    /** Whether it listens to a channel, or does so if its transaction commits. */
    boolean hears(String channel) {
        return channels.contains(channel) || pending.contains(new OfChannels.Listen(channel));
    }

    /** As {@link #end}, of the channels alone. */
    void endChannels(boolean committed) {
        for (SessionEffect effect : committed ? pending : List.<SessionEffect>of()) {
            if (effect instanceof OfChannels.Listen listen) {
                channels.add(listen.channel());
            } else if (effect instanceof OfChannels.Unlisten unlisten) {
                channels.remove(unlisten.channel());
            } else if (effect instanceof OfChannels.UnlistenAll) {
                channels.clear();
            }
        }
        pending.removeIf(OfChannels.class::isInstance);
    }

    private static SessionVariables apply(SessionEffect effect, SessionVariables to, SessionVariables defaults) {
        if (effect instanceof SessionEffect.Assign assign) {
            return to.with(assign.name(), assign.statement());
        }
        if (effect instanceof SessionEffect.Reset reset) {
            String byDefault = defaults.statementOf(reset.name());
            return byDefault == null ? to.without(reset.name()) : to.with(reset.name(), byDefault);
        }
        return effect instanceof SessionEffect.ResetAll ? resetAll(to, defaults) : to;
    }

    private static SessionVariables resetAll(SessionVariables from, SessionVariables defaults) {
        SessionVariables reset = defaults;
        for (String name : IDENTITY) {
            reset = reset.without(name);
        }
        for (String name : from.names()) {
            String kept = IDENTITY.contains(name) ? from.statementOf(name) : null;
            reset = kept == null ? reset : reset.with(name, kept);
        }
        return reset;
    }
}
