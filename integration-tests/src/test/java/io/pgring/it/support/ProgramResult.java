package io.pgring.it.support;

/** What a client program has left: its exit code, standard output and standard error. */
public record ProgramResult(int exitCode, String output, String error) {}
