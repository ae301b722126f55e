package io.pgring.proxy.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the section {@code clients}. */
final class ClientsLoader {
    private ClientsLoader() {}

    static Clients load(Section section) throws ConfigurationException {
        Clients otherwise = Clients.DEFAULT;
        List<ClientRule> rules = rules(section);
        Path usersFile = section.path("usersFile");
        String authQuery = authQuery(section);
        ServerUser serverUser =
                section.choice("serverUser", otherwise.serverUser(), ServerUser.values(), ServerUser::word);
        int failedLoginsMax = section.integer("failedLoginsMax", otherwise.failedLoginsMax());
        long failedLoginsMillis = section.number("failedLoginsMillis", otherwise.failedLoginsMillis());
        List<String> admins = section.has("admins") ? section.texts("admins", "") : otherwise.admins();
        boolean trustBeyondLoopback = section.flag("trustBeyondLoopback", otherwise.trustBeyondLoopback());
        return section.finish(() -> new Clients(
                rules,
                usersFile,
                authQuery,
                serverUser,
                failedLoginsMax,
                failedLoginsMillis,
                admins,
                trustBeyondLoopback));
    }

    /** {@code none}, {@code default}, or SQL. */
    private static @Nullable String authQuery(Section section) throws ConfigurationException {
        String text = section.text("authQuery", "none");
        return switch (text) {
            case "none" -> null;
            case "default" -> Clients.DEFAULT_AUTH_QUERY;
            default -> text;
        };
    }

    private static List<ClientRule> rules(Section section) throws ConfigurationException {
        AuthenticationMethod method = section.choice(
                "authentication",
                AuthenticationMethod.TRUST,
                AuthenticationMethod.values(),
                AuthenticationMethod::word);
        List<Section> entries = section.sections("rules");
        if (!section.has("rules")) {
            return List.of(ClientRule.forAll(method));
        }
        if (section.has("authentication")) {
            throw section.problem(
                    "authentication", "can't be given beside rules", "Write it as the last of the rules.");
        }
        List<ClientRule> rules = new ArrayList<>();
        for (Section entry : entries) {
            rules.add(rule(entry));
        }
        return rules;
    }

    private static ClientRule rule(Section section) throws ConfigurationException {
        ClientRule.Type type =
                section.choice("type", ClientRule.Type.HOST, ClientRule.Type.values(), ClientRule.Type::word);
        List<String> databases = section.texts("database", "all");
        List<String> users = section.texts("user", "all");
        String address = section.text("address", "all");
        section.requiredText("method");
        AuthenticationMethod method = section.choice(
                "method", AuthenticationMethod.REJECT, AuthenticationMethod.values(), AuthenticationMethod::word);
        return section.finish(() -> new ClientRule(type, databases, users, AddressRange.parse(address), method));
    }
}
