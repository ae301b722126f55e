package io.pgring.proxy.backend;

import io.pgring.pgwire.auth.Md5Password;
import io.pgring.pgwire.auth.ScramChallenge;
import io.pgring.pgwire.auth.ScramKeys;
import io.pgring.pgwire.auth.ScramVerifier;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What the proxy can prove to a server as a user. */
public sealed interface ServerSecret {
    /** The password in clear, if it is known. */
    default @Nullable String password() {
        return null;
    }

    /** The stored form of an md5 password, if it is known. */
    default @Nullable String md5(String user) {
        return null;
    }

    /**
     * The keys for a SCRAM exchange with this challenge; null when they can't be had. May take milliseconds: not for an event
     * loop.
     */
    default @Nullable ScramKeys keys(ScramChallenge challenge) {
        return null;
    }

    /** Nothing: the server must trust. */
    record None() implements ServerSecret {}

    /** The hash that is as good as a password for servers that ask by md5. */
    record Md5(String stored) implements ServerSecret {
        @Override
        public String md5(String user) {
            return stored;
        }

        /** Shows no hash. */
        @Override
        public String toString() {
            return "Md5[hidden]";
        }
    }

    /**
     * The keys that a client has proved to have, and the verifier that he has proved it by. They fit every server that has the same
     * verifier, and no other.
     */
    record Keys(ScramVerifier verifier, ScramKeys keys) implements ServerSecret {
        @Override
        public @Nullable ScramKeys keys(ScramChallenge challenge) {
            boolean same =
                    challenge.iterations() == verifier.iterations() && Arrays.equals(challenge.salt(), verifier.salt());
            return same ? keys : null;
        }
    }

    /** The password itself. Keys that were made of it are kept, as each takes milliseconds to make. */
    final class Password implements ServerSecret {
        private static final int KEPT_MAX = 16;

        private final String text;
        private final Map<Question, ScramKeys> kept = new ConcurrentHashMap<>();

        private record Question(String salt, int iterations) {}

        /** @param text never shown */
        public Password(String text) {
            this.text = text;
        }

        @Override
        public String password() {
            return text;
        }

        @Override
        public String md5(String user) {
            return Md5Password.stored(user, text);
        }

        @Override
        public ScramKeys keys(ScramChallenge challenge) {
            Question question = new Question(Arrays.toString(challenge.salt()), challenge.iterations());
            if (kept.size() >= KEPT_MAX) {
                kept.clear();
            }
            return kept.computeIfAbsent(
                    question, unknown -> ScramKeys.derive(text, challenge.salt(), challenge.iterations()));
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Password that && text.equals(that.text);
        }

        @Override
        public int hashCode() {
            return text.hashCode();
        }

        /** Shows no password. */
        @Override
        public String toString() {
            return "Password[hidden]";
        }
    }
}
