package io.pgring.pgsql.analysis;

import io.pgring.pgsql.tree.Do;
import io.pgring.pgsql.tree.Name;
import io.pgring.pgsql.tree.Other;
import io.pgring.pgsql.tree.QualifiedName;
import io.pgring.pgsql.tree.Unparsed;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Statements without a tree: a word that could be the name of a sharded table counts as a mention of it. */
final class WordScan {
    /** What columns, constraints and defaults of tables may depend on. */
    private static final Set<String> SHARED = Set.of("type", "domain", "collation", "extension");

    private static final Set<String> BODIES = Set.of("function", "procedure", "trigger");
    /** Words of ALTER TABLE behind which an expression stands. */
    private static final Set<String> COMPUTING = Set.of("default", "using", "generated");
    /** Words of a block that make or need state of the session. */
    private static final Set<String> TEMPORARY = Set.of("temp", "temporary");

    private final Findings findings;

    WordScan(Findings findings) {
        this.findings = findings;
    }

    void unparsed(Unparsed unparsed) {
        identifiers(unparsed.identifiers());
        strings(unparsed.strings());
        unparsed.identifiers().forEach(name -> mayRun(name.value()));
        for (Name name : unparsed.identifiers()) {
            unknownState(name.value());
        }
    }

    void other(Other other) {
        other(other, List.of());
    }

    /** Of a statement some of whose names are known: those say nothing here. */
    void other(Other other, List<QualifiedName> known) {
        wideReach(other);
        identifiers(other.identifiers().stream()
                .filter(name -> known.stream().noneMatch(table -> isIn(name, table)))
                .toList());
        if (other.command().equals("create") && other.keywords().stream().anyMatch(BODIES::contains)) {
            strings(other.strings());
        }
        if (other.command().equals("load")) {
            findings.state(SessionState.LOAD);
        }
        if (other.command().equals("create")) {
            create(other);
        }
        if (computes(other)) {
            other.identifiers().forEach(name -> mayRun(name.value()));
        }
    }

    /** Whether it computes values for rows; whatever functions do while PostgreSQL makes an index, it takes back. */
    private static boolean computes(Other other) {
        return other.command().equals("alter")
                && other.keywords().contains("table")
                && other.identifiers().stream().anyMatch(name -> COMPUTING.contains(name.value()));
    }

    /** A word that may be a function which is called, or a table that is written. */
    private void mayRun(String word) {
        if (findings.catalog().mayChangeSession(word) || findings.catalog().mayChangeSession(null, word, true)) {
            findings.state(SessionState.UNKNOWN_SETTINGS);
        }
    }

    private static boolean isIn(Name name, QualifiedName table) {
        return name.start() >= table.start() && name.end() <= table.end();
    }

    private void create(Other create) {
        if (create.keywords().stream().anyMatch(TEMPORARY::contains)) {
            findings.state(SessionState.TEMPORARY_TABLE);
        }
        boolean execute =
                create.identifiers().stream().anyMatch(name -> name.value().equals("execute"));
        if (execute && create.keywords().contains("table")) {
            findings.state(SessionState.PREPARED_STATEMENT);
        }
    }

    /** Commands that reach tables which they do not name. */
    private void wideReach(Other other) {
        List<String> words = other.keywords();
        String second = words.size() > 1 ? words.get(1) : "";
        String reach = switch (other.command()) {
            case "drop", "alter" ->
                second.equals("schema") || second.equals("owned") || (SHARED.contains(second) && isCascade(other))
                        ? second
                        : null;
            case "reassign" -> "owned";
            case "grant", "revoke" -> isAllInSchema(other.identifiers()) ? "all tables in schema" : null;
            default -> null;
        };
        if (reach != null) {
            findings.obstacle("The statement may concern sharded tables without naming them.");
        }
    }

    private static boolean isCascade(Other other) {
        return other.identifiers().stream().anyMatch(name -> name.value().equals("cascade"));
    }

    private static boolean isAllInSchema(List<Name> names) {
        for (int i = 0; i + 1 < names.size(); i++) {
            if (names.get(i).value().equals("in") && names.get(i + 1).value().equals("schema")) {
                return true;
            }
        }
        return false;
    }

    private void identifiers(List<Name> names) {
        String before = null;
        for (Name name : names) {
            String word = name.value();
            mention(before, word);
            findings.mention(word);
            if (FunctionFacts.isTemporarySchema(word)) {
                findings.state(SessionState.TEMPORARY_TABLE);
            }
            before = word;
        }
    }

    /** A word, and the word before it, which may be its schema. */
    private void mention(@Nullable String before, String word) {
        TableCatalog catalog = findings.catalog();
        TableClass found = catalog.find(null, word);
        if (found == null && before != null) {
            found = catalog.find(before, word);
        }
        if (found instanceof TableClass.Hiding hiding) {
            findings.obstacle(hiding.reason());
        } else if (found instanceof TableClass.Sharded sharded) {
            findings.obstacle("The statement mentions the sharded table \"" + sharded.qualifiedName() + "\".");
        } else if (catalog.mentions(word)) {
            findings.obstacle("The statement mentions \"" + word + "\", which may be a sharded table.");
        }
    }

    private void strings(List<String> strings) {
        for (String string : strings) {
            body(string);
        }
    }

    private void body(String source) {
        List<String> words = BodyWords.asWritten(source);
        words(words);
        words(BodyWords.lowerCase(words));
    }

    private void words(List<String> words) {
        String before = null;
        for (String word : words) {
            mention(before, word);
            findings.mention(word);
            before = word;
        }
    }

    /** DO: what it mentions, and whether it builds statements that can't be seen. */
    void block(Do block) {
        if (!block.language().equals("plpgsql") && !block.language().equals("sql")) {
            findings.obstacle("The code block is in a language that is not understood.");
        }
        body(block.body());
        List<String> words = BodyWords.lowerCase(BodyWords.asWritten(block.body()));
        if (words.contains("execute")) {
            findings.obstacle("The code block runs statements that it builds itself, by EXECUTE.");
        }
        if (BodyWords.setsVariables(block.body())) {
            findings.state(SessionState.SET_CONFIG);
        }
        words.forEach(this::unknownState);
        BodyWords.asWritten(block.body()).forEach(this::mayRun);
        words.forEach(this::mayRun);
    }

    private void unknownState(String word) {
        switch (word) {
            case "temp", "temporary" -> findings.state(SessionState.TEMPORARY_TABLE);
            case "listen", "unlisten" -> findings.state(SessionState.LISTEN);
            case "load" -> findings.state(SessionState.LOAD);
            case "prepare", "deallocate" -> findings.state(SessionState.PREPARED_STATEMENT);
            default -> {
                if (FunctionFacts.isTemporarySchema(word)) {
                    findings.state(SessionState.TEMPORARY_TABLE);
                }
            }
        }
    }
}
