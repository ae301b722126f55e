package io.pgring.demo;

import io.pgring.proxy.app.CommandProvider;

/** Adds {@code demo} to the command line. */
public final class DemoCommandProvider implements CommandProvider {
    @Override
    public Object command() {
        return new DemoCommand();
    }
}
