package io.pgring.it.compare;

import java.util.ArrayList;
import java.util.List;

/** The text of a random statement while it is written down. */
final class Wording {
    private final boolean withParameters;
    private final StringBuilder text = new StringBuilder();
    private final List<Parameter> parameters = new ArrayList<>();
    private boolean ordered;

    private Wording(boolean withParameters) {
        this.withParameters = withParameters;
    }

    /** A statement as it is asked. */
    static Question of(Fragment statement, boolean withParameters) {
        Wording wording = new Wording(withParameters);
        statement.write(wording);
        return new Question(wording.text.toString(), false, wording.ordered, List.copyOf(wording.parameters), "");
    }

    void append(String words) {
        text.append(words);
    }

    void append(Fragment.Value value) {
        if (withParameters) {
            parameters.add(value.parameter());
            text.append('$').append(parameters.size());
        } else {
            text.append(value.literal());
        }
    }

    void ordered() {
        ordered = true;
    }
}
