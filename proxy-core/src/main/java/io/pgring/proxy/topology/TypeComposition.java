package io.pgring.proxy.topology;

/** Of what the values of a type consist, as far as they may name types by oid in binary format. */
public sealed interface TypeComposition {
    /** Its header names the type of its elements. */
    record Array(int element) implements TypeComposition {}

    /** Each field names its type. */
    record Composite() implements TypeComposition {}

    /** As its base type, by which results describe it; fields of composites name the domain. */
    record Domain(int base) implements TypeComposition {}

    /** Its bounds name nothing by themselves. */
    record Range(int subtype) implements TypeComposition {}

    /** Ranges in a row. */
    record Multirange(int subtype) implements TypeComposition {}
}
