package io.pgring.pgsql.parser;

/** The rules of the grammar over one statement. They call each other through here. */
final class Grammar {
    final Cursor cursor;
    final NameRules names;
    final TypeRules types;
    final ExpressionRules expressions;
    final PrimaryRules primaries;
    final FunctionRules functions;
    final SpecialFunctionRules specials;
    final WindowRules windows;
    final QueryRules queries;
    final FromRules from;
    final ModificationRules modifications;
    final MergeRules merges;
    final TransactionRules transactions;
    final SettingRules settings;
    final UtilityRules utilities;
    final StatementRules statements;

    Grammar(Cursor cursor, StatementWords words) {
        this.cursor = cursor;
        this.names = new NameRules(cursor);
        this.types = new TypeRules(cursor, names);
        this.expressions = new ExpressionRules(this);
        this.primaries = new PrimaryRules(this);
        this.functions = new FunctionRules(this);
        this.specials = new SpecialFunctionRules(this);
        this.windows = new WindowRules(this);
        this.queries = new QueryRules(this);
        this.from = new FromRules(this);
        this.modifications = new ModificationRules(this);
        this.merges = new MergeRules(this);
        this.transactions = new TransactionRules(this);
        this.settings = new SettingRules(this);
        this.utilities = new UtilityRules(this);
        this.statements = new StatementRules(this, words);
    }
}
